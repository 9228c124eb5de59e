import type { NoticeTexts, RenderedNotice } from '../domain/notice-text.ts';
import type { Order } from '../domain/order.ts';
import { orderContext } from './notice-context.ts';

/** What a preview is made of; it needs neither ledger nor platform. */
export interface PreviewDesk {
  texts: Pick<NoticeTexts, 'render'>;
  /** What texts may speak of, all made up. */
  sample(): Record<string, unknown>;
}

export interface PreviewWish {
  /** The name of its texts: `order.shipped`. */
  name: string;
  /** The kind of channel it goes through. */
  channel: string;
  /** The customer's: `fr`, `pt-BR`. */
  language: string;
  /** Told of instead of a made-up one; `state` as its latest event made it. */
  order?: { order: Order; state: string } | undefined;
  /** What a campaign fills its texts with. */
  variables?: Readonly<Record<string, unknown>> | undefined;
}

/** What a notice would say; sends nothing. Undefined: there is no text of this name. */
export function previewNotice(
  { texts, sample }: PreviewDesk,
  { name, channel, language, order, variables }: PreviewWish,
): RenderedNotice | undefined {
  return texts.render(
    name,
    { channel, languages: [language] },
    {
      ...sample(),
      ...(order ? orderContext(order.order, order.state) : {}),
      ...(variables ? { campaign: variables } : {}),
    },
  );
}
