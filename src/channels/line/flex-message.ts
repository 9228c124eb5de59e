import type { messagingApi } from '@line/bot-sdk';
import { money } from '../../kit/money.ts';
import type { CardBody, ReceiptBody } from '../channel.ts';
import { plainBody } from '../shared/plain-body.ts';
import { shortened } from '../shared/shortened.ts';
import { buttons, flex } from './limits.ts';
import { actionOf, isTappable, textMessage } from './text-message.ts';

type Box = messagingApi.FlexBox;
type Component = messagingApi.FlexComponent;

/** A card or a receipt as a Flex Message, which stays in the chat with its buttons; as a text where it would be too large. */
export function flexMessage(body: CardBody | ReceiptBody): messagingApi.Message {
  const plain = plainBody(body);
  const tappable = (body.choices ?? []).filter(isTappable);
  const tooMany = tappable.length > buttons.most || (body.type === 'receipt' && body.lines.length > flex.lines);
  if (tooMany || tappable.length < (body.choices ?? []).length) return textMessage(plain);
  const contents = bubbleOf(body, tappable.map(actionOf));
  if (Buffer.byteLength(JSON.stringify(contents)) > flex.bubbleBytes) return textMessage(plain);
  return { type: 'flex', altText: shortened(plain.text, flex.altText), contents };
}

function bubbleOf(body: CardBody | ReceiptBody, actions: messagingApi.Action[]): messagingApi.FlexBubble {
  const hero = body.type === 'card' && body.picture && heroOf(body.picture);
  return {
    type: 'bubble',
    ...(hero ? { hero } : {}),
    body: column(body.type === 'card' ? cardLines(body) : receiptLines(body)),
    ...(actions.length > 0
      ? { footer: column(actions.map((action) => ({ type: 'button', style: 'link', height: 'sm', action }))) }
      : {}),
  };
}

const heroOf = (url: string): messagingApi.FlexImage => ({
  type: 'image',
  url,
  size: 'full',
  aspectRatio: '20:13',
  aspectMode: 'cover',
});

const column = (contents: Component[]): Box => ({ type: 'box', layout: 'vertical', spacing: 'md', contents });

/** An empty text is refused. */
const words = (text: string, more: Partial<messagingApi.FlexText> = {}): Component[] =>
  text === '' ? [] : [{ type: 'text', text, wrap: true, ...more }];

const cardLines = ({ title, text }: CardBody): Component[] => [
  ...words(title, { weight: 'bold', size: 'lg' }),
  ...words(text),
];

function receiptLines(receipt: ReceiptBody): Component[] {
  const { currency, number, merchant, lines, subtotal, shipping, tax, total, adjustments = [], labels } = receipt;
  const row = (left: string, minor: number, bold = false): Component => ({
    type: 'box',
    layout: 'horizontal',
    contents: [
      { type: 'text', text: left, wrap: true, flex: 3, ...(bold ? { weight: 'bold' } : {}) },
      {
        type: 'text',
        text: money(minor, currency, receipt.language),
        align: 'end',
        flex: 2,
        ...(bold ? { weight: 'bold' } : {}),
      },
    ],
  });
  const sums = [
    [labels.subtotal, subtotal],
    [labels.shipping, shipping],
    [labels.tax, tax],
  ] as const;
  return [
    ...words([merchant, number].filter(Boolean).join(' · '), { weight: 'bold', size: 'lg' }),
    ...lines.map(({ title, quantity, price }) => row(`${quantity} × ${title}`, quantity * price)),
    { type: 'separator' },
    ...sums.flatMap(([name, minor]) => (minor === undefined ? [] : [row(name, minor)])),
    ...adjustments.map(({ name, amount }) => row(name, -amount)),
    row(labels.total, total, true),
  ];
}
