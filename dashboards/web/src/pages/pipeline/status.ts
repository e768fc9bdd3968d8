// What GET /api/pipeline answers (docs/pipeline.md).
import { fetchJSON } from "../../api";

export type Level = "green" | "amber" | "red";

export interface Problem {
  level: Level;
  code: string;
  /** What it is about: a source, a spool; empty where there is one only. */
  subject: string;
  /** Seconds, bytes, a share or a number, as the code implies. */
  value: number;
}

/** A figure every ten seconds, the latest last; null where nothing is known. */
export type History = (number | null)[];

export interface Source {
  name: string;
  kind: "file" | "syslog";
  site: string;
  format: string;
  state: "reading" | "quiet" | "behind" | "missing" | "unknown_format";
  lines: number;
  lines_per_second: number | null;
  lag_bytes: number;
  lag_seconds: number;
  rejected: number;
  rejects: Record<string, number>;
  lost: number;
  history: History;
}

export interface Status {
  at: string;
  version: string;
  uptime_seconds: number;
  level: Level;
  problems: Problem[];
  sources: Source[];
  beacons: { counted: number; per_second: number | null; dropped: Record<string, number> };
  spools: { name: string; bytes: number; age_seconds: number; full: boolean; refused_blocks: number }[];
  inserts: { rows: number; rows_per_second: number | null; failures: number; refused: number; last_success: string | null };
  engine: { kind: "embedded" | "server"; answers: boolean; version: string; up_since: string | null; restarts: number; memory_bytes: number };
  storage: {
    at: string | null;
    bytes: number;
    tables: { table: string; rows: number; bytes: number }[];
    sites: { site: string; rows: number; bytes_estimated: number }[];
  };
  disk: { free_bytes: number; size_bytes: number };
  history: {
    lines_per_second: History;
    beacons_per_second: History;
    rows_per_second: History;
    spool_bytes: History;
    lag_seconds: History;
    engine_memory_bytes: History;
  };
}

/** A status, and when it came by this browser's clock. */
export interface Received extends Status {
  received: number;
}

export const fetchStatus = async (signal: AbortSignal): Promise<Received> => ({
  ...(await fetchJSON<Status>("/api/pipeline", { signal })),
  received: Date.now(),
});
