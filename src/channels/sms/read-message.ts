import type { InboundEvent, Referral } from '../../domain/event.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { MediaType, Part } from '../../domain/part.ts';
import type { Profile } from '../../domain/person.ts';
import { asNumber, defined } from '../shared/json.ts';
import { isReachable } from './account.ts';
import type { Form } from './form.ts';
import { optOutTypeOf } from './opt-out.ts';
import type { Place } from './place.ts';

/** The most files Twilio puts into one message. */
const mostFiles = 10;

/** An incoming SMS or MMS (Twilio, "Twilio's request to your application"); a word that ends messages is two events. */
export function readMessage(form: Form, sid: string, from: string, place: Place): InboundEvent[] {
  const common = { ...place, from: from as PlatformUserId };
  const replyTo = form.get('OriginalRepliedMessageSid') as MessageId | undefined;
  const message: InboundEvent = {
    ...common,
    type: 'message',
    id: sid as MessageId,
    parts: partsOf(form),
    ...profileOf(form, from),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...referralOf(form),
  };
  const optOut = optOutTypeOf(form);
  if (optOut === undefined) return [message];
  const type = optOut === 'STOP' ? 'opt-out' : 'opt-in';
  return [message, { ...common, type, id: sid, what: optOut, details: {}, consent: { to: 'everything' } }];
}

/** Never empty: a message without text or file says so. */
function partsOf(form: Form): Part[] {
  const text = form.get('Body');
  const parts: Part[] = [
    ...(text === undefined ? [] : [{ type: 'text', text } as const]),
    ...filesOf(form),
    ...placeOf(form),
    ...tappedIn(form),
  ];
  return parts.length > 0 ? parts : [{ type: 'unsupported', what: 'message without content' }];
}

function filesOf(form: Form): Part[] {
  const count = Math.min(asNumber(form.get('NumMedia')) ?? 0, mostFiles);
  return Array.from({ length: Math.max(Math.floor(count), 0) }, (_, index): Part => {
    const url = form.get(`MediaUrl${index}`);
    const type = mediaType(form.get(`MediaContentType${index}`) ?? '');
    return url === undefined ? { type: 'unsupported', what: 'file without a link' } : { type, url };
  });
}

function mediaType(contentType: string): MediaType {
  const [family] = contentType.toLowerCase().split('/', 1);
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'file';
}

/** Places and buttons come through Twilio's richer channels (RCS). */
function placeOf(form: Form): Part[] {
  const latitude = asNumber(form.get('Latitude'));
  const longitude = asNumber(form.get('Longitude'));
  if (latitude === undefined || longitude === undefined) return [];
  const title = form.get('Label') ?? form.get('Address');
  return [{ type: 'location', latitude, longitude, ...(title === undefined ? {} : { title }) }];
}

function tappedIn(form: Form): Part[] {
  const title = form.get('ButtonText');
  const payload = form.get('ButtonPayload');
  return title === undefined && payload === undefined ? [] : [{ type: 'button', ...defined({ title, payload }) }];
}

/** The number is vouched for by the phone company; a name only the richer channels tell. */
function profileOf(form: Form, from: string): { profile?: Profile } {
  const name = form.get('ProfileName');
  const profile: Profile = defined({ name, phone: isReachable(from) && from.startsWith('+') ? from : undefined });
  return Object.keys(profile).length > 0 ? { profile } : {};
}

function referralOf(form: Form): { referral?: Referral } {
  const referral: Referral = defined({
    adId: form.get('ReferralSourceId'),
    source: form.get('ReferralSourceType'),
    url: form.get('ReferralSourceUrl'),
    title: form.get('ReferralHeadline'),
  });
  return Object.keys(referral).length > 0 ? { referral } : {};
}
