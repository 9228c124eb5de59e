/** The mapping in force, and what is known of the form of any. */
export interface MappingNow {
  version: number | null;
  text: string;
  /** JSON Schema of what may stand in it. */
  schema: JsonSchema;
}

export interface JsonSchema {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  required?: string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  description?: string;
  default?: unknown;
}

export interface VersionLine {
  number: number;
  source: 'file' | 'apply' | 'rollback';
  who: string;
  at: string;
  comment: string | null;
  inForce: boolean;
}

/** Lines and columns count from 1. */
export interface MappingMistake {
  line: number;
  column: number;
  path: string;
  problem: string;
  expected?: string;
}

export interface MappingChecked {
  ok: boolean;
  mistakes: MappingMistake[];
  /** Accounts that could not be asked, and why. */
  unchecked?: string[];
}

export interface MappingPreview {
  mistakes: MappingMistake[];
  /** For each past ticket what would be the same (` `), no longer (`-`) and new (`+`), line by line. */
  tickets: { ticket: string; at: string; version: number; lines: string[] }[];
}

export type MappingApplied =
  | { result: 'applied' | 'unchanged'; version: number }
  | { result: 'overtaken'; version: number | null }
  | { result: 'wrong'; mistakes: MappingMistake[] };
