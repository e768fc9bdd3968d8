import { local } from "../../language";
import de from "./strings-de";
import en from "./strings-en";

export const text = local({ en, de });
