import type { Referral } from '../../domain/event.ts';
import { asId, asRecord, asText, defined } from '../shared/json.ts';

/** The ad or post from which the customer came ("Click to WhatsApp"). */
export function referralOf(json: unknown): Referral | undefined {
  const referral = asRecord(json);
  if (!referral) return undefined;
  const source = asText(referral['source_type']);
  const id = asId(referral['source_id']);
  const ofPost = source === 'post' ? id : undefined;
  return defined({
    source,
    adId: ofPost === undefined ? id : undefined,
    ref: asText(referral['ctwa_clid']) ?? ofPost,
    title: asText(referral['headline']),
    url: asText(referral['source_url']),
  });
}
