// The texts of the statistics page and of what all pages share, in the reader's language.
import { language } from "./language";
import type en from "./i18n/en";

const loaders: Record<string, () => Promise<{ default: typeof en }>> = {
  en: () => import("./i18n/en"),
};

export const {
  text,
  metricNames,
  intervalNames,
  intervalPlurals,
  dimensionNames,
  panelNames,
  periodNames,
  statusNames,
} = (await loaders[language]!()).default;
