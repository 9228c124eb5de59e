import { decimal } from '../../../kit/money.ts';
import type { CardBody, Choice, ReceiptBody } from '../../channel.ts';
import { shortened } from '../shortened.ts';

type Json = Record<string, unknown>;

/** "Generic template", "Button template", "Buttons": characters, and how many. */
export const richLimits = {
  title: 80,
  subtitle: 80,
  buttonText: 640,
  buttons: 3,
  buttonTitle: 20,
  payload: 1000,
  receiptLines: 100,
};

/**
 * A card as the platform's own: with its picture as a generic template where its words fit, else its words with the buttons.
 * Undefined: it has no form here, and goes as a text.
 */
export function cardContent(card: CardBody): Json | undefined {
  const choices = card.choices ?? [];
  if (choices.length > richLimits.buttons) return undefined;
  const buttons = choices.map(buttonOf);
  if (card.picture && fits(card.title, richLimits.title) && fits(card.text, richLimits.subtitle) && card.title !== '')
    return template({ template_type: 'generic', elements: [elementOf(card, card.picture, buttons)] });
  const words = [card.title, card.text].filter((line) => line !== '').join('\n');
  return textWithButtons(words, buttons);
}

/** Words with links and answers under them as buttons; undefined where they do not fit. */
function textWithButtons(text: string, buttons: Json[]): Json | undefined {
  if (buttons.length === 0 || !fits(text, richLimits.buttonText) || text === '') return undefined;
  return template({ template_type: 'button', text, buttons });
}

const fits = (text: string, most: number): boolean => [...text].length <= most;

function elementOf({ title, text, choices = [] }: CardBody, picture: string, buttons: Json[]): Json {
  const link = choices.find((choice) => 'url' in choice);
  return {
    title,
    ...(text === '' ? {} : { subtitle: text }),
    image_url: picture,
    ...(link ? { default_action: { type: 'web_url', url: link.url } } : {}),
    ...(buttons.length > 0 ? { buttons } : {}),
  };
}

function buttonOf(choice: Choice): Json {
  const title = shortened(choice.title, richLimits.buttonTitle);
  return 'url' in choice
    ? { type: 'web_url', url: choice.url, title }
    : { type: 'postback', title, payload: choice.payload.slice(0, richLimits.payload) };
}

const template = (payload: Json): Json => ({ attachment: { type: 'template', payload } });

/** "Receipt template": Messenger alone has it. Undefined where there are more lines than it takes. */
export function receiptContent(receipt: ReceiptBody): Json | undefined {
  const { currency, lines, address } = receipt;
  if (lines.length > richLimits.receiptLines) return undefined;
  const amount = (minor: number) => decimal(minor, currency);
  const elements = lines.map(({ title, subtitle, quantity, price, picture }) => ({
    ...{ title, quantity, price: amount(price), currency },
    ...(subtitle ? { subtitle } : {}),
    ...(picture ? { image_url: picture } : {}),
  }));
  return template({
    template_type: 'receipt',
    recipient_name: receipt.recipient,
    ...(receipt.merchant ? { merchant_name: receipt.merchant } : {}),
    order_number: receipt.number,
    currency,
    payment_method: receipt.paymentMethod,
    ...(receipt.url ? { order_url: receipt.url } : {}),
    timestamp: String(Math.floor(receipt.at.getTime() / 1000)),
    ...(elements.length > 0 ? { elements } : {}),
    ...(address ? { address: addressOf(address) } : {}),
    summary: summaryOf(receipt, amount),
    ...(receipt.adjustments?.length
      ? { adjustments: receipt.adjustments.map((each) => ({ name: each.name, amount: amount(each.amount) })) }
      : {}),
  });
}

/** If there is one, it wants a state: where the country has none, the city stands for it. */
const addressOf = (address: NonNullable<ReceiptBody['address']>): Json => ({
  street_1: address.street1,
  ...(address.street2 ? { street_2: address.street2 } : {}),
  city: address.city,
  postal_code: address.postalCode,
  state: address.state ?? address.city,
  country: address.country,
});

const summaryOf = ({ subtotal, shipping, tax, total }: ReceiptBody, amount: (minor: number) => number): Json => ({
  ...(subtotal === undefined ? {} : { subtotal: amount(subtotal) }),
  ...(shipping === undefined ? {} : { shipping_cost: amount(shipping) }),
  ...(tax === undefined ? {} : { total_tax: amount(tax) }),
  total_cost: amount(total),
});
