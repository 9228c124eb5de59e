import type { Referral } from '../../../domain/event.ts';
import { asId, asRecord, asText, defined } from '../json.ts';

/** Where the customer came from: an m.me link, an ad, a shop's product page. */
export function referralOf(json: unknown): Referral | undefined {
  const referral = asRecord(json);
  if (!referral) return undefined;
  const ad = asRecord(referral['ads_context_data']);
  const product = asId(asRecord(referral['product'])?.['id']);
  return defined({
    ref: asText(referral['ref']) ?? product,
    source: asText(referral['source']) ?? (product === undefined ? undefined : 'PRODUCT'),
    type: asText(referral['type']),
    adId: asId(referral['ad_id']),
    title: asText(ad?.['ad_title']),
    url: asText(referral['referer_uri']),
  });
}

/** The first answer to a message sent by `user_ref` names that reference, which ties it to the person. */
export function readPriorMessage(json: unknown): Referral | undefined {
  const prior = asRecord(json);
  if (!prior) return undefined;
  return defined({ source: asText(prior['source']), ref: asId(prior['identifier']), type: 'prior_message' });
}
