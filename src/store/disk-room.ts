import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from '../domain/finding.ts';

const gigabyte = 1_000_000_000;

/** Room on the disk that a folder is on, or will be. */
export async function diskFinding(folder: string): Promise<Finding> {
  const what = `room on the disk of ${folder}`;
  const { bavail, bsize, blocks } = await statfs(existing(folder));
  const free = bavail * bsize;
  const why = `${(free / gigabyte).toFixed(1)} GB free`;
  const fix = 'Make room, or move the folder to a larger disk; media.keepFor deletes old copies of files.';
  if (free < gigabyte / 2) return { ok: false, what, why, fix };
  if (free < 2 * gigabyte || bavail < blocks * 0.05) return { ok: true, warning: true, what, why, fix };
  return { ok: true, what, why };
}

const existing = (folder: string): string =>
  existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
