import type { Channel } from '../channels/channel.ts';
import type { Choice } from '../domain/choice.ts';
import type { RenderedNotice } from '../domain/notice-text.ts';
import type { Order } from '../domain/order.ts';
import { splitText } from '../domain/split-text.ts';
import { lengthIn } from '../domain/text-unit.ts';
import type { NoticeForm } from '../store/order-tables.ts';
import type { ReplyBody, ReplyFile } from '../store/reply-parts.ts';
import type { NoticeSubject } from './notice-context.ts';

type Limited = Pick<Channel, 'limits'>;

/** A notice as the bubbles it goes as. What the channel has no form for it shows as text itself. */
export function bodiesOf(
  said: RenderedNotice,
  form: NoticeForm,
  { limits }: Limited,
  subject: NoticeSubject & { shopName: string; recipient: string },
): ReplyBody[] {
  const file = fileOf(subject);
  if (form !== 'free') return said.template ? [templateOf(said.template, file)] : [];
  const sends = file && limits.attachmentBytes > 0 ? [{ type: 'file', ...file } as const] : [];
  return [...words(said, { limits }, subject), ...sends];
}

function templateOf(
  { name, language, parameters, names, document }: NonNullable<RenderedNotice['template']>,
  file?: ReplyFile,
) {
  return {
    ...({ type: 'template', name, language, parameters } as const),
    ...(names ? { names } : {}),
    ...(document && file ? { header: file } : {}),
  };
}

const fileOf = ({ file }: NoticeSubject): ReplyFile | undefined =>
  file?.state === 'stored' && file.storageKey !== undefined
    ? { name: file.name, contentType: file.contentType, bytes: file.bytes ?? 0, url: '', vault: file.storageKey }
    : undefined;

function words(
  said: RenderedNotice,
  { limits }: Limited,
  subject: NoticeSubject & { shopName: string; recipient: string },
): ReplyBody[] {
  const { title, text, picture } = said;
  // Where nothing can be tapped, a link is still one; an answer is simply written.
  const choices = said.choices.filter((choice) => limits.choices || 'url' in choice);
  const plain = [...[title, text].filter((line) => line !== ''), ...choices.map(lineOf)].join('\n');
  const { textLength, textUnit } = limits;
  if (lengthIn(textUnit ?? 'utf16', plain) > textLength) return pieces(said, choices, { limits });
  const receipt = receiptOf(said, choices, subject);
  if (receipt) return [receipt];
  if (title === '' && !picture) return [{ type: 'text', text, ...(choices.length > 0 ? { choices } : {}) }];
  return [{ type: 'card', title, text, ...(picture ? { picture } : {}), ...(choices.length > 0 ? { choices } : {}) }];
}

const lineOf = (choice: Choice): string => ('url' in choice ? `${choice.title}: ${choice.url}` : choice.title);

/** Too long for one: what can be tapped stands under the last. */
function pieces({ title, text }: RenderedNotice, choices: readonly Choice[], { limits }: Limited): ReplyBody[] {
  const under = choices.map(lineOf).join('\n').length + 1;
  const whole = [title, text].filter((line) => line !== '').join('\n');
  const cut = splitText(whole, Math.max(70, limits.textLength - under), limits.textUnit);
  return cut.map((piece, n) => ({
    type: 'text',
    text: piece,
    ...(n === cut.length - 1 && choices.length > 0 ? { choices } : {}),
  }));
}

function receiptOf(
  { text, labels, language }: RenderedNotice,
  choices: Choice[],
  { order, event, shopName, recipient }: NoticeSubject & { shopName: string; recipient: string },
): ReplyBody | undefined {
  const told = order?.order;
  if (event?.type !== 'order.receipt' || told?.currency === undefined || told.total === undefined) return undefined;
  return {
    ...({ type: 'receipt', text, labels, language, choices } as const),
    // Platforms refuse a second receipt under one number.
    number: event.receipt > 1 ? `${told.number}-${event.receipt}` : told.number,
    recipient: told.shippingAddress?.name ?? recipient,
    merchant: shopName,
    currency: told.currency,
    paymentMethod: told.paymentMethod ?? '–',
    ...(told.url ? { url: told.url } : {}),
    at: (told.placedAt ? new Date(told.placedAt) : event.at).toISOString(),
    lines: (told.lines ?? []).map(({ title, subtitle, quantity, price, pictureUrl }) => ({
      ...{ title, quantity, price },
      ...(subtitle ? { subtitle } : {}),
      ...(pictureUrl?.startsWith('https:') ? { picture: pictureUrl } : {}),
    })),
    ...sumsOf(told),
    total: told.total,
  };
}

const sumsOf = ({ shippingAddress, subtotal, shipping, tax, adjustments }: Order) => ({
  ...(shippingAddress ? { address: addressOf(shippingAddress) } : {}),
  ...(subtotal === undefined ? {} : { subtotal }),
  ...(shipping === undefined ? {} : { shipping }),
  ...(tax === undefined ? {} : { tax }),
  ...(adjustments?.length ? { adjustments } : {}),
});

const addressOf = ({ street1, street2, city, postalCode, state, country }: NonNullable<Order['shippingAddress']>) => ({
  ...{ street1, city, postalCode, country },
  ...(street2 ? { street2 } : {}),
  ...(state ? { state } : {}),
});
