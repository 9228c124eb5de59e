/** Whether a text is as a rule wants it. */
type TextTest = (text: string) => boolean;

/** Where a ticket goes at the helpdesk, by the names its administrators know; ids will do as well. */
export interface Placement {
  group?: string | undefined;
  brand?: string | undefined;
  form?: string | undefined;
  /** An agent, by e-mail. */
  assignee?: string | undefined;
  priority?: 'low' | 'normal' | 'high' | 'urgent' | undefined;
  type?: 'question' | 'incident' | 'problem' | 'task' | undefined;
}

/** The same in a helpdesk's own ids and values. */
export type PlacedAt = { [Kind in keyof Placement]?: string };

/** What must hold for a rule; what is not named may be as it is. Of a list, one is enough. */
export interface RoutingCondition {
  /** Kinds of channel. */
  channel?: readonly string[] | undefined;
  /** Ids of channel accounts. */
  account?: readonly string[] | undefined;
  referral?: readonly TextTest[] | undefined;
  ad?: readonly TextTest[] | undefined;
  text?:
    | {
        contains?: readonly TextTest[] | undefined;
        words?: readonly TextTest[] | undefined;
        matches?: readonly TextTest[] | undefined;
      }
    | undefined;
  language?: readonly string[] | undefined;
  openingHours?: 'open' | 'closed' | undefined;
  customer?: 'known' | 'new' | undefined;
  order?: readonly TextTest[] | undefined;
}

/** `Context` is what its texts can use. */
export interface RoutingRule<Context> {
  name?: string | undefined;
  when: RoutingCondition;
  set: Placement & {
    tags?: ((context: Context) => string[]) | undefined;
    fields(context: Context): Record<string, unknown>;
  };
  /** No rule below is looked at once this one holds. */
  stop: boolean;
}

/** What is known when a ticket is opened. */
export interface RoutingFacts {
  channel: string;
  account: string;
  /** The `ref` or the source of the link they came by. */
  referral?: string | undefined;
  ad?: string | undefined;
  /** What the customer said in the messages that open the ticket. */
  text: string;
  language?: string | undefined;
  /** Without opening hours it is open. */
  open: boolean;
  known: boolean;
  order?: string | undefined;
}

export interface Routed {
  placement: Placement;
  tags: string[];
  fields: Record<string, unknown>;
  /** Which rules held, from 1, with their names. */
  rules: string[];
}

const placementKeys = ['group', 'brand', 'form', 'assignee', 'priority', 'type'] as const;

/**
 * Goes through the rules in order. Of what several set, the first one that held decides; tags add up. A rule without a
 * condition always holds: the last one is then what holds otherwise.
 */
export function route<Context>(rules: readonly RoutingRule<Context>[], facts: RoutingFacts, context: Context): Routed {
  const routed: Routed = { placement: {}, tags: [], fields: {}, rules: [] };
  for (const [index, rule] of rules.entries()) {
    if (!holds(rule.when, facts)) continue;
    routed.rules.push(rule.name ? `${index + 1} (${rule.name})` : String(index + 1));
    take(routed, rule, context);
    if (rule.stop) break;
  }
  return routed;
}

function take<Context>(routed: Routed, { set }: RoutingRule<Context>, context: Context): void {
  const named = Object.fromEntries(placementKeys.flatMap((key) => (set[key] === undefined ? [] : [[key, set[key]]])));
  routed.placement = { ...named, ...routed.placement };
  routed.tags = [...new Set([...routed.tags, ...(set.tags?.(context) ?? [])])];
  routed.fields = joined(routed.fields, set.fields(context));
}

/** Fields of `first` go before those of `then`; custom fields are told apart by their ids. */
export function joined(first: Record<string, unknown>, then: Record<string, unknown>): Record<string, unknown> {
  const [a, b] = [first['custom_fields'], then['custom_fields']];
  if (!Array.isArray(a) || !Array.isArray(b)) return { ...then, ...first };
  const known = new Set(a.map(idOf));
  return { ...then, ...first, custom_fields: [...a, ...b.filter((field) => !known.has(idOf(field)))] };
}

const idOf = (field: unknown): string => String(Object(field)['id']);

function holds(when: RoutingCondition, facts: RoutingFacts): boolean {
  const among = (wanted: readonly string[] | undefined, is: string | undefined) =>
    !wanted || (is !== undefined && wanted.includes(is));
  const like = (wanted: readonly TextTest[] | undefined, is: string | undefined) =>
    !wanted || (is !== undefined && wanted.some((test) => test(is)));
  return (
    among(when.channel, facts.channel) &&
    among(when.account, facts.account) &&
    like(when.referral, facts.referral) &&
    like(when.ad, facts.ad) &&
    saysSo(when.text, facts.text) &&
    among(when.language, facts.language) &&
    (!when.openingHours || (when.openingHours === 'open') === facts.open) &&
    (!when.customer || (when.customer === 'known') === facts.known) &&
    like(when.order, facts.order)
  );
}

function saysSo(wanted: RoutingCondition['text'], text: string): boolean {
  const tests = wanted && [...(wanted.contains ?? []), ...(wanted.words ?? []), ...(wanted.matches ?? [])];
  return !tests || tests.some((test) => test(text));
}
