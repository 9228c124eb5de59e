import type { Marker } from '../../domain/ids.ts';
import type { Part } from '../../domain/part.ts';
import { asId, asRecord, asText, defined, storable } from '../shared/json.ts';
import { answerTokenOf } from './answer-token.ts';
import { choiceOf } from './choice-data.ts';
import type { Reader } from './wire.ts';

/** They added the account as a friend, or unblocked it. */
export const readFollow: Reader = ({ json, customer }) => {
  if (customer === undefined) return undefined;
  const unblocked = asRecord(json['follow'])?.['isUnblocked'] === true;
  return {
    type: 'opt-in',
    from: customer,
    what: unblocked ? 'follow again' : 'follow',
    details: {},
    consent: { to: 'everything' },
  };
};

/** They blocked the account. */
export const readUnfollow: Reader = ({ customer }) =>
  customer === undefined
    ? undefined
    : { type: 'opt-out', from: customer, what: 'unfollow', details: {}, consent: { to: 'everything' } };

/** A button, a picker or a rich menu was tapped. Turning to another page of a rich menu says nothing. */
export const readPostback: Reader = (item) => {
  const { json, customer } = item;
  const postback = asRecord(json['postback']);
  const data = asText(postback?.['data']);
  const params = asRecord(postback?.['params']);
  if (!postback || customer === undefined || params?.['newRichMenuAliasId'] !== undefined) return undefined;
  const { payload, title } = data === undefined ? {} : choiceOf(data);
  const picked = asText(params?.['datetime']) ?? asText(params?.['date']) ?? asText(params?.['time']);
  const button: Part = { type: 'button', ...defined({ title: title ?? picked, payload }) };
  return { type: 'postback', from: customer, parts: [button], ...defined({ payload }), ...answerTokenOf(item) };
};

export const readAccountLink: Reader = ({ json, customer }) => {
  const link = asRecord(json['link']);
  if (customer === undefined || link?.['result'] !== 'ok') return undefined;
  return { type: 'account-link', from: customer, linked: true, ...defined({ code: asText(link['nonce']) }) };
};

/** They came near a beacon, or tapped its banner. That they stay near it is told every few seconds and says nothing new. */
export const readBeacon: Reader = ({ json, customer }) => {
  const beacon = asRecord(json['beacon']);
  const how = asText(beacon?.['type']);
  if (customer === undefined || how === undefined || how === 'stay') return undefined;
  return {
    type: 'referral',
    from: customer,
    referral: { source: 'BEACON', type: how, ...defined({ ref: asText(beacon?.['hwid']) }) },
  };
};

/** A video was watched to its end. Its tracking id is our marker. */
export const readVideoWatched: Reader = ({ json, customer }) => {
  const marker = asText(asRecord(json['videoPlayComplete'])?.['trackingId']);
  if (customer === undefined || marker === undefined) return undefined;
  return { type: 'receipt', from: customer, state: 'read', of: [], marker: marker as Marker };
};

/** Paid membership of the account. Leaving it is no wish to hear nothing more. */
export const readMembership: Reader = ({ json, customer }) => {
  const membership = asRecord(json['membership']);
  const how = asText(membership?.['type']);
  if (customer === undefined || (how !== 'joined' && how !== 'renewed')) return undefined;
  const id = asId(membership?.['membershipId']);
  return { type: 'opt-in', from: customer, what: `membership ${how}`, details: id === undefined ? {} : { id } };
};

/** Module channels: who has the chat. */
export const readControl: Reader = ({ json, type, customer }) => {
  const until = asId(asRecord(json['chatControl'])?.['expireAt']);
  const details = until === undefined ? {} : { expireAt: until };
  return { type: 'handover', what: type, details, ...(customer === undefined ? {} : { from: customer }) };
};

export const readSuspended: Reader = () => ({
  type: 'policy',
  action: 'block',
  why: 'LINE suspended the LINE Official Account',
});

export const readResumed: Reader = () => ({ type: 'policy', action: 'unblock' });

/** A module channel was attached to an account, or detached from it. */
export const readModule: Reader = ({ json }) => {
  const module = asRecord(json['module']);
  const how = asText(module?.['type']);
  if (how === undefined) return undefined;
  const facts = Object.entries(module ?? {}).flatMap(([key, value]) => {
    const text = asId(value);
    return key === 'type' || text === undefined ? [] : [[storable(key), text]];
  });
  return { type: 'handover', what: `module ${how}`, details: Object.fromEntries(facts) };
};
