interface Noted {
  customer: number;
  at: Date;
}

interface NoticeFate extends Noted {
  /** The notice's id. */
  notice: number;
  /** What the notice tells: `order.shipped`, `campaign`… */
  event: string;
  /** The order it is of, as the shop names it. */
  order?: { shop: string; number: string } | undefined;
  /** The account it was sent by, where it came that far. */
  account?: string | undefined;
}

/** Something the shop may want to know. None holds a customer's words. */
export type ShopNote =
  | (NoticeFate & { kind: 'notice.sent' | 'notice.delivered' | 'notice.read' })
  | (NoticeFate & { kind: 'notice.failed'; reason: string })
  | (Noted & {
      kind: 'customer.replied';
      account: string;
      conversation: number;
      message: number;
      /** The notice they answer, where it is known. */
      notice?: number | undefined;
    })
  | (Noted & {
      kind: 'consent.changed';
      channel: string;
      purpose: string;
      state: 'pending' | 'granted' | 'revoked';
      source: string;
    });
