import type { CardBody, OutgoingBody, ReceiptBody } from '../channel.ts';

export type TextBody = Extract<OutgoingBody, { type: 'text' }>;

/** A card or a receipt as a text with the same choices: for where there is no form for it. */
export function plainBody(body: TextBody | CardBody | ReceiptBody): TextBody {
  if (body.type === 'text') return body;
  const text = body.type === 'card' ? [body.title, body.text].filter((line) => line !== '').join('\n') : body.text;
  return { type: 'text', text, ...(body.choices ? { choices: body.choices } : {}) };
}

/** The same of whatever is sent: files and templates stay what they are. */
export const withoutForms = (body: OutgoingBody): Exclude<OutgoingBody, CardBody | ReceiptBody> =>
  body.type === 'card' || body.type === 'receipt' ? plainBody(body) : body;
