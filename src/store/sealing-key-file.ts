import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { newSealingKey } from '../kit/seal.ts';
import { Secret } from '../kit/secret.ts';

/** The key in a file, readable for its owner alone; made when it is not there. Two processes at once get the same. */
export function sealingKeyIn(file: string): Secret {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${newSealingKey()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new Secret(readFileSync(file, 'utf8').trim());
}
