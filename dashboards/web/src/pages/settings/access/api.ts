// Users, tokens, shared links and the audit log, as docs/access.md describes them.
import { ApiError, fetchJSON } from "../../../api";
import { told } from "../../../refusal";
import type { Role } from "../../../session";
import type { Errors } from "../fields";
import { text } from "./strings";

export interface User {
  name: string;
  role: Role;
  sites: Record<string, Role>;
  /** The configuration file has the user. */
  fixed: boolean;
}

export interface Token {
  id: string;
  name: string;
  /** None: all. */
  sites: string[];
  made: string;
  by: string;
  /** Day; empty: never. */
  used: string;
  /** Told once, when it is made. */
  secret?: string;
}

export interface Link {
  id: string;
  name: string;
  /** It needs one. */
  password: boolean;
  expires: string | null;
  over: boolean;
  origins: string[];
  made: string;
  by: string;
  /** Told once, when it is made. */
  secret?: string;
}

export interface Sharing {
  links: Link[];
  public: boolean;
  origins: string[];
}

export interface Entry {
  time: string;
  user: string;
  action: string;
  site?: string;
  object?: string;
}

export const fetchUsers = (_: string, signal: AbortSignal) => fetchJSON<{ users: User[] }>("/api/users", { signal });
export const fetchTokens = (_: string, signal: AbortSignal) => fetchJSON<{ tokens: Token[] }>("/api/tokens", { signal });
export const fetchSharing = (site: string, signal: AbortSignal) =>
  fetchJSON<Sharing>(`/api/links?${new URLSearchParams({ site_id: site })}`, { signal });
export const fetchAudit = (offset: number, signal: AbortSignal) => fetchJSON<{ entries: Entry[] }>(`/api/audit?offset=${offset}`, { signal });

/** What an error says, at its field. The server's words are English, so those that people meet are said here. */
export function errorsOf(e: unknown): Errors {
  if (!(e instanceof ApiError)) return { "": text.failed };
  const field = e.field ?? "";
  if (field === "name" && e.message.endsWith("is taken")) return { name: text.nameTaken };
  if (field === "name" && e.message.endsWith("is empty")) return { name: text.unnamed };
  return { [field]: text.wrong[field] ?? (e.status === 409 ? text.lastOwner : told(e)) };
}
