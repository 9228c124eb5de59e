/** A group, a brand or a form. */
export interface Named {
  id: number;
  name: string;
  gone: boolean;
}

/** What administrators have named. */
export interface NamedThings {
  groups: Named[];
  brands: Named[];
  forms: Named[];
}

const first = { groups: 360_000_100_001, brands: 360_000_200_001, forms: 360_000_300_001 };

const named = (from: number, ...names: string[]): Named[] =>
  names.map((name, index) => ({ id: from + index, name, gone: false }));

/** An account as it may be: the ids are always these. */
export const usualNames = (): NamedThings => ({
  groups: named(first.groups, 'Support', 'VIP', 'Returns'),
  brands: named(first.brands, 'Acme', 'Acme Outlet'),
  forms: named(first.forms, 'Default', 'Returns form'),
});
