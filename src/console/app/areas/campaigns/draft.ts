import type { CampaignView, CampaignWish } from '../../../wire/campaigns.ts';

/** A campaign as the form holds it: each field as its text. */
export interface Draft {
  name: string;
  purpose: string;
  texts: string;
  variables: string;
  channels: string[];
  accounts: string[];
  languages: string;
  attributes: string;
  bought: string;
  boughtWithin: string;
  notBought: string;
  notBoughtWithin: string;
  leaveOutBuyersFor: string;
  wroteWithin: string;
  perMinute: string;
  holdOut: string;
  startAt: string;
  expiresAfter: string;
  /** Has no field: it goes on as it was. */
  stopAt?: CampaignView['thresholds'];
}

export const emptyDraft: Draft = {
  ...{ name: '', purpose: 'marketing', texts: '', variables: '' },
  ...{ channels: [], accounts: [], languages: '', attributes: '' },
  ...{ bought: '', boughtWithin: '', notBought: '', notBoughtWithin: '', leaveOutBuyersFor: '', wroteWithin: '' },
  ...{ perMinute: '', holdOut: '', startAt: '', expiresAfter: '2d' },
};

const list = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** `name: value`, a line for each. */
export const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => [line.split(':')[0]!.trim(), line.slice(line.indexOf(':') + 1).trim()] as const)
      .filter(([name]) => name !== ''),
  );

const given = (name: string, text: string) => (text.trim() === '' ? {} : { [name]: text.trim() });
const purchase = (name: string, products: string, within: string) =>
  within.trim() === '' ? {} : { [name]: { products: list(products), within: within.trim() } };

/** What the form asks for; the service checks it. */
export function wishOf(draft: Draft): CampaignWish {
  const { name, purpose, texts, channels, accounts } = draft;
  return {
    ...{ name: name.trim(), purpose, texts, variables: pairs(draft.variables) },
    segment: {
      ...{ channels, accounts, languages: list(draft.languages), attributes: pairs(draft.attributes) },
      ...purchase('bought', draft.bought, draft.boughtWithin),
      ...purchase('notBought', draft.notBought, draft.notBoughtWithin),
      ...given('leaveOutBuyersFor', draft.leaveOutBuyersFor),
      ...given('wroteWithin', draft.wroteWithin),
    },
    ...(draft.perMinute === '' ? {} : { perMinute: Number(draft.perMinute) }),
    ...(draft.holdOut === '' ? {} : { holdOut: Number(draft.holdOut) / 100 }),
    ...(draft.startAt === '' ? {} : { startAt: new Date(draft.startAt).toISOString() }),
    ...given('expiresAfter', draft.expiresAfter),
    ...(draft.stopAt ? { stopAt: draft.stopAt } : {}),
  };
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** As the configuration writes lengths of time: `90d`. */
export function writtenLength(ms: number | undefined): string {
  if (ms === undefined) return '';
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['s', 1_000];
  return `${Math.round(ms / size)}${unit}`;
}

const lines = (record: Readonly<Record<string, unknown>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

/** The form filled in like a campaign that there is; when it began is not taken over. */
export function draftLike({ name, purpose, texts, variables, segment, ...campaign }: CampaignView): Draft {
  const { channels, accounts, languages, attributes, bought, notBought } = segment;
  return {
    ...{ name, purpose, texts, variables: lines(variables) },
    ...{ channels: [...channels], accounts: [...accounts], languages: languages.join(', ') },
    attributes: lines(attributes),
    ...{ bought: bought?.products.join(', ') ?? '', boughtWithin: writtenLength(bought?.withinMs) },
    ...{ notBought: notBought?.products.join(', ') ?? '', notBoughtWithin: writtenLength(notBought?.withinMs) },
    leaveOutBuyersFor: writtenLength(segment.leaveOutBuyersForMs),
    wroteWithin: writtenLength(segment.wroteWithinMs),
    perMinute: String(campaign.perMinute),
    holdOut: campaign.holdOut === 0 ? '' : String(Math.round(campaign.holdOut * 1_000) / 10),
    startAt: '',
    expiresAfter: writtenLength(campaign.expiresAfterMs),
    stopAt: campaign.thresholds,
  };
}

/** The form filled in with a draft that there is. */
export const draftOf = (campaign: CampaignView): Draft => ({
  ...draftLike(campaign),
  startAt: campaign.startAt === null ? '' : localMinute(new Date(campaign.startAt)),
});

/** As a field for a local time holds it: `2026-01-31T09:00`. */
const localMinute = (at: Date): string =>
  new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
