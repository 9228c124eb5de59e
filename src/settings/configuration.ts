import { type Mapping, readMapping } from './mapping.ts';
import type { Mistake } from './mistake.ts';
import { type ReadSettingsOptions, readSettings, type Settings } from './settings.ts';

export type Configuration = { ok: true; settings: Settings; mapping: Mapping } | { ok: false; mistakes: Mistake[] };

/** Reads the settings, and the mapping they point to; tells the mistakes of both. */
export function readConfiguration(options: ReadSettingsOptions): Configuration {
  const read = readSettings(options);
  const path = read.ok ? read.settings.mapping : read.mapping;
  const mapped = path === undefined ? undefined : readMapping({ path, env: options.env });
  if (read.ok && mapped?.ok) return { ok: true, settings: read.settings, mapping: mapped.mapping };
  return { ok: false, mistakes: [...mistakesOf(read), ...mistakesOf(mapped)] };
}

const mistakesOf = (read: { ok: true } | { ok: false; mistakes: Mistake[] } | undefined): Mistake[] =>
  read && !read.ok ? read.mistakes : [];
