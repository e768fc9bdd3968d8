import { render } from "preact";
import { App } from "./app";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/report.css";

const root = document.getElementById("app");
if (root) render(<App />, root);
