import { type Mapping, readMapping } from './mapping.ts';
import type { Mistake } from './mistake.ts';
import { type ReadSettingsOptions, readSettings, type Settings } from './settings.ts';

export type Configuration = { ok: true; settings: Settings; mapping: Mapping } | { ok: false; mistakes: Mistake[] };

/** Reads the settings, and the mapping they point to; tells the mistakes of both. */
export function readConfiguration(options: ReadSettingsOptions): Configuration {
  const read = readSettings(options);
  const path = read.ok ? read.settings.mapping : read.mapping;
  const mapped = path === undefined ? undefined : readMapping({ path, env: options.env });
  if (read.ok && mapped?.ok) {
    const { settings } = read;
    const { mapping } = mapped;
    if (mapping.identity.askForEmail && !settings.mail) return { ok: false, mistakes: [noMailServer(settings.file)] };
    const lacks = ({ identity }: { identity: { askForEmail: boolean } }) =>
      identity.askForEmail && !settings.mail ? [noCodes] : [];
    return { ok: true, settings, mapping: { ...mapping, source: { ...mapping.source, lacks } } };
  }
  return { ok: false, mistakes: [...mistakesOf(read), ...mistakesOf(mapped)] };
}

const noCodes = {
  path: ['identity', 'askForEmail'],
  problem: 'e-mail addresses are verified by a mailed code, and no mail server is configured',
  expected: 'false, or mail: in passerelle.yaml first',
};

/** Codes could not go out. */
const noMailServer = (file: string): Mistake => ({
  ...{ file, line: 0, column: 0, path: 'mail' },
  problem: 'missing; the mapping asks for e-mail addresses (identity.askForEmail), which takes a mail server',
});

const mistakesOf = (read: { ok: true } | { ok: false; mistakes: Mistake[] } | undefined): Mistake[] =>
  read && !read.ok ? read.mistakes : [];
