import { render } from "preact";
import { here, routes } from "./routes";
import "./style/base.css";
import "./style/controls.css";
import "./style/report.css";

const root = document.getElementById("app");
const route = routes[here] ?? routes[""];
if (root && route) {
  const { default: Page } = await route.load();
  render(<Page />, root);
}
