import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { Json, WeChatOptions } from './state.ts';

/** XML as WeChat writes it: texts in CDATA, numbers bare. */
export function xmlOf(fields: Json): string {
  return `<xml>${members(fields)}</xml>`;
}

function members(fields: Json): string {
  return Object.entries(fields)
    .map(([name, value]) => `<${name}>${content(value)}</${name}>`)
    .join('\n');
}

function content(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object' && value !== null) return members(value as Json);
  return `<![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const sha1 = (...pieces: string[]): string => createHash('sha1').update(pieces.sort().join('')).digest('hex');

/** 16 random bytes, the length, the XML, the AppID; padded to blocks of 32. */
export function sealed(xml: string, { encodingAesKey, appId }: WeChatOptions): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const body = Buffer.from(xml);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const plain = Buffer.concat([randomBytes(16), length, body, Buffer.from(appId)]);
  const pad = 32 - (plain.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString(
    'base64',
  );
}

/** One delivery: its body, and the query that signs it. */
export function delivery(fields: Json, options: WeChatOptions): { body: string; query: Record<string, string> } {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = String(randomBytes(4).readUInt32BE());
  const plain = xmlOf(fields);
  const signature = sha1(options.token, timestamp, nonce);
  const query = { signature, timestamp, nonce, openid: String(fields['FromUserName']) };
  if (options.mode === 'plain') return { body: plain, query };
  const Encrypt = sealed(plain, options);
  const beside = options.mode === 'safe' ? { ToUserName: fields['ToUserName'] } : fields;
  const msg_signature = sha1(options.token, timestamp, nonce, Encrypt);
  return { body: xmlOf({ ...beside, Encrypt }), query: { ...query, encrypt_type: 'aes', msg_signature } };
}
