import { invalid } from './graph-error.ts';
import type { World } from './state.ts';

type Json = Record<string, unknown>;

const known = ['get_started', 'greeting', 'persistent_menu', 'ice_breakers', 'whitelisted_domains'];

/** GET /{page}/messenger_profile?fields=… tells only what is set. */
export function readProfile({ state }: World, query: Json): Json {
  const asked = String(query['fields'] ?? '').split(',');
  checkNames(asked);
  const told = Object.entries(state.profile).filter(([name]) => asked.includes(name));
  return { data: told.length === 0 ? [] : [Object.fromEntries(told)] };
}

/** POST /{page}/messenger_profile. */
export function changeProfile({ state, changed }: World, body: unknown): Json {
  const wanted = (body ?? {}) as Json;
  checkNames(Object.keys(wanted));
  const next = { ...state.profile, ...wanted };
  if (next['persistent_menu'] && !next['get_started'])
    throw invalid('You must set a Get Started button if you also wish to use persistent menu');
  checkLanguages(wanted);
  checkLengths(wanted);
  state.profile = next;
  changed();
  return { result: 'success' };
}

/** DELETE /{page}/messenger_profile. */
export function clearProfile({ state, changed }: World, body: unknown): Json {
  const names = ((body ?? {}) as { fields?: string[] }).fields ?? [];
  checkNames(names);
  const left = Object.fromEntries(Object.entries(state.profile).filter(([name]) => !names.includes(name)));
  if (left['persistent_menu'] && !left['get_started'])
    throw invalid('You must remove the persistent menu before the Get Started button');
  state.profile = left;
  changed();
  return { result: 'success' };
}

function checkNames(names: readonly string[]): void {
  const stranger = names.find((name) => !known.includes(name));
  if (names.length === 0 || stranger !== undefined) throw invalid(`(#100) ${stranger ?? 'fields'} is no such field`);
}

function checkLanguages(wanted: Json): void {
  for (const name of ['greeting', 'persistent_menu', 'ice_breakers']) {
    const locales = ((wanted[name] ?? []) as { locale?: string }[]).map(({ locale }) => locale);
    if (locales.length > 0 && !locales.includes('default')) throw invalid(`${name} must have the default locale`);
    if (new Set(locales).size < locales.length) throw invalid(`${name} has a locale twice`);
  }
}

function checkLengths(wanted: Json): void {
  const greeting = (wanted['greeting'] ?? []) as { text?: string }[];
  if (greeting.some(({ text }) => typeof text !== 'string' || text.length > 160)) throw invalid('greeting is too long');
  const menus = (wanted['persistent_menu'] ?? []) as { call_to_actions?: { title?: string }[] }[];
  if (menus.some((menu) => menu.call_to_actions?.some(({ title }) => (title?.length ?? 31) > 30)))
    throw invalid('A title of persistent_menu is too long');
  const breakers = (wanted['ice_breakers'] ?? []) as { call_to_actions?: unknown[] }[];
  if (breakers.some((each) => (each.call_to_actions?.length ?? 0) > 4)) throw invalid('Too many ice_breakers');
  const domains = (wanted['whitelisted_domains'] ?? []) as string[];
  if (domains.some((domain) => !domain.startsWith('https://'))) throw invalid('whitelisted_domains must use https');
}
