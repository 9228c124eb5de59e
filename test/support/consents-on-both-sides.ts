import { item } from './meta-webhook.ts';
import type { Product } from './product.ts';
import { until } from './until.ts';

export interface Someone {
  psid: string;
  shopId: string;
  contact: string;
}
type Json = Record<string, never>;
interface Shown {
  states: { channel: string; purpose: string; state: string }[];
  proofs: { act: string; source: string; words?: string }[];
}

/** Customers whose consents stand here and at the CRM, and what each side says of them. `product` runs once these are called. */
export function consentsOnBothSides(
  product: () => Product,
  ask: (method: string, path: string, body?: object) => Promise<Json>,
  post: (...items: Record<string, unknown>[]) => Promise<unknown>,
) {
  /** Somebody who wrote, is known to the shop, and is a contact of the org. */
  async function somebody(psid: string): Promise<Someone> {
    product().messenger.addCustomer({ psid, name: `Person ${psid}` });
    const shopId = `C-${psid}`;
    const { token } = await ask('POST', '/v1/links', { customerId: shopId });
    await post(item(psid, { referral: { ref: token, source: 'SHORTLINK', type: 'OPEN_THREAD' } }));
    await until('the link to be used', () =>
      product()
        .db.selectFrom('links')
        .select('used_customer')
        .where('shop_customer', '=', shopId)
        .executeTakeFirst()
        .then((row) => row?.used_customer),
    );
    await product().messenger.customerSends(psid, { type: 'text', text: 'Hello' });
    const contact = await until('the contact', async () => {
      const row = await product()
        .db.selectFrom('contact_links as l')
        .innerJoin('conversations as c', 'c.customer', 'l.customer')
        .select('l.contact')
        .where('c.platform_user', '=', psid)
        .where('l.state', '=', 'linked')
        .executeTakeFirst();
      return row?.contact;
    });
    return { psid, shopId, contact };
  }

  const shown = async (shopId: string) =>
    (await ask('GET', `/v1/consents?customerId=${shopId}&proofs=true`)) as unknown as Shown;
  const stands = (shopId: string, channel: string, purpose: string, state: string) =>
    until(`${purpose} ${state}`, async () =>
      ((await shown(shopId)).states ?? []).some(
        (each) => each.channel === channel && each.purpose === purpose && each.state === state,
      ),
    );
  const individualOf = (contact: string) =>
    product()
      .salesforce.records('Contact')
      .find(({ Id }) => Id === contact)?.['IndividualId'];
  const recordsOf = (contact: string) =>
    product()
      .salesforce.records('ContactPointTypeConsent')
      .filter(({ PartyId }) => PartyId !== null && PartyId === individualOf(contact));
  const statusesOf = (contact: string) =>
    recordsOf(contact)
      .map(({ Name, PrivacyConsentStatus }) => `${Name}: ${PrivacyConsentStatus}`)
      .toSorted();
  /** The next look at the org is over. */
  async function looked(): Promise<void> {
    const readAt = async () =>
      (
        await product()
          .db.selectFrom('cursors')
          .select('read_at')
          .where('helpdesk', 'like', 'consents:%')
          .executeTakeFirst()
      )?.read_at;
    for (let times = 0; times < 2; times++) {
      const before = await readAt();
      await until('another look', async () => (await readAt())?.getTime() !== before?.getTime());
    }
  }
  let orders = 0;
  async function noticeOf(shopId: string): Promise<{ state: string; reason?: string }> {
    const told = await ask('POST', '/v1/orders/events', {
      ...{ type: 'order.paid', order: { number: `SF-${++orders}` }, customer: { customerId: shopId } },
    });
    const { notice: id } = (told['results'] as unknown as { notice: number }[])[0]!;
    return until('the notice to be told or held', async () => {
      const notice = (await ask('GET', `/v1/notices/${id}`)) as unknown as { state: string; reason?: string };
      return notice.state !== 'sending' && (notice.state !== 'waiting' || notice.reason) ? notice : undefined;
    });
  }

  return { somebody, shown, stands, individualOf, recordsOf, statusesOf, looked, noticeOf };
}
