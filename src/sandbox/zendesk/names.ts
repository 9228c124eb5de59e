/** A group, a brand or a form. */
export interface Named {
  id: number;
  name: string;
  gone: boolean;
}

export interface CustomField {
  id: number;
  key?: string;
  title: string;
  type: string;
  options?: string[];
}

/** What administrators have named and made. */
export interface NamedThings {
  groups: Named[];
  brands: Named[];
  forms: Named[];
  ticketFields: CustomField[];
  userFields: CustomField[];
}

const first = { groups: 360_000_100_001, brands: 360_000_200_001, forms: 360_000_300_001 };

const named = (from: number, ...names: string[]): Named[] =>
  names.map((name, index) => ({ id: from + index, name, gone: false }));

/** An account as it may be: the ids are always these. */
export const usualNames = (): NamedThings => ({
  groups: named(first.groups, 'Support', 'VIP', 'Returns'),
  brands: named(first.brands, 'Acme', 'Acme Outlet'),
  forms: named(first.forms, 'Default', 'Returns form'),
  ticketFields: [
    { id: 360_000_400_001, title: 'Order number', type: 'text' },
    { id: 360_000_400_002, title: 'Channel', type: 'tagger', options: ['app', 'mail', 'other'] },
    { id: 360_000_400_003, title: 'Wants a call', type: 'checkbox' },
  ],
  userFields: [
    { id: 360_000_500_001, key: 'language', title: 'Language', type: 'text' },
    { id: 360_000_500_002, key: 'tier', title: 'Tier', type: 'dropdown', options: ['gold', 'silver'] },
  ],
});
