// The texts of the statistics page and of what all pages share, in the reader's language.
import { language, type Language } from "./language";
import type en from "./i18n/en";

const loaders: Record<Language, () => Promise<{ default: typeof en }>> = {
  en: () => import("./i18n/en"),
  de: () => import("./i18n/de"),
};

export const {
  text,
  metricNames,
  intervalNames,
  intervalPlurals,
  opNames,
  compareNames,
  filterGroups,
  dimensionNames,
  panelNames,
  periodNames,
  valueNames,
  statusNames,
  statuses,
} = (await loaders[language]()).default;
