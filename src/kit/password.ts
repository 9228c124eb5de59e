import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { makeGate } from './gate.ts';

/** OWASP's recommendation for argon2id: 19 MiB of memory (in KiB here), two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const tagBytes = 32;

/** Each takes 19 MiB and a core for some 40 ms: no more than two at the same time, however many try to sign in. */
const gate = makeGate(2);
const derive = promisify(argon2);

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** An argon2id hash in PHC form: it says by which salt and at what cost it was made. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const tag = await tagOf(password, salt, cost, tagBytes);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether it is the password of that hash. Without a hash it takes as long, and is false. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = form.exec(hash ?? '') ?? [];
  if (salt === undefined || tag === undefined) {
    await tagOf(password, randomBytes(saltBytes), cost, tagBytes);
    return false;
  }
  const expected = Buffer.from(tag, 'base64');
  const made = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  return timingSafeEqual(await tagOf(password, Buffer.from(salt, 'base64'), made, expected.length), expected);
}

/** Passwords are compared as they are written out in Unicode's one form: keyboards differ in how they write é. */
const tagOf = (password: string, nonce: Buffer, made: typeof cost, tagLength: number): Promise<Buffer> =>
  gate(() => derive('argon2id', { message: password.normalize('NFKC'), nonce, tagLength, ...made }) as Promise<Buffer>);

/** What a new password must be, in words; undefined when it is. */
export function passwordFault(password: string): string | undefined {
  if (password.length < leastLetters) return `too short; take ${leastLetters} letters or more`;
  return password.length > mostLetters ? `too long; at most ${mostLetters} letters` : undefined;
}

const leastLetters = 12;
/** Hashing costs more the longer it is. */
export const mostLetters = 256;
