import type { Request } from 'express';
import { type Answer, created, forbidden, invalid, noContent, notFound, ok } from './answer.ts';
import { type Desk, type Fields, fieldsIn, type Handler, numberIn, type Route } from './desk.ts';
import { pageOf } from './paging.ts';
import { type RuleKind, ruleKinds } from './rule-kinds.ts';
import { nextId, now, type Rule, type State, staff, userOf } from './state.ts';

export const rulesOf = (state: State, list: string): Rule[] => state.rules.get(list) ?? [];

/** What only administrators may do. */
export const onlyAdmins =
  (act: Handler): Handler =>
  (desk, request) =>
    userOf(desk.state, staff.service).role === 'admin' ? act(desk, request) : forbidden;

/** Triggers, views, macros and fields: read by all staff but for triggers, changed by administrators. */
export const ruleRoutes: Route[] = [
  ['get', '/trigger_categories', (desk) => ok({ trigger_categories: desk.state.triggerCategories })],
  ...ruleKinds.flatMap(routesOf),
];

function routesOf(kind: RuleKind): Route[] {
  const { list } = kind;
  const read: Handler = (desk, request) =>
    ok(pageOf(desk.url(), request, list, rulesOf(desk.state, list), (rule) => kind.show(rule as Rule)));
  return [
    ['get', `/${list}`, kind.hidden ? onlyAdmins(read) : read],
    ['post', `/${list}`, onlyAdmins((desk, request) => add(desk, kind, fieldsIn(request, kind.one)))],
    ['get', `/${list}/:id`, withRule(kind, (_desk, rule) => ok({ [kind.one]: kind.show(rule) }))],
    [
      'put',
      `/${list}/:id`,
      onlyAdmins(withRule(kind, (desk, rule, request) => change(desk, kind, rule, fieldsIn(request, kind.one)))),
    ],
    ['delete', `/${list}/:id`, onlyAdmins(withRule(kind, (desk, rule) => remove(desk, kind, rule)))],
  ];
}

function withRule(kind: RuleKind, act: (desk: Desk, rule: Rule, request: Request) => Answer): Handler {
  return (desk, request) => {
    const rule = rulesOf(desk.state, kind.list).find(({ id }) => id === numberIn(request));
    return rule ? act(desk, rule, request) : notFound;
  };
}

function add(desk: Desk, kind: RuleKind, fields: Fields | undefined): Answer {
  if (!fields) return invalid({ base: [`${kind.one} is missing`, 'BlankValue'] });
  const taken = kind.take(fields);
  const problem = kind.complain(taken, desk.state);
  if (problem) return invalid(problem);
  const rule: Rule = { active: true, ...taken, id: nextId(desk.state), created_at: now(desk.state).toISOString() };
  desk.state.rules.set(kind.list, [...rulesOf(desk.state, kind.list), rule]);
  desk.changed();
  return created({ [kind.one]: kind.show(rule) });
}

function change(desk: Desk, kind: RuleKind, rule: Rule, fields: Fields | undefined): Answer {
  const next = { ...rule, ...kind.take(fields ?? {}), id: rule.id };
  const problem = kind.complain(next, desk.state);
  if (problem) return invalid(problem);
  Object.assign(rule, next);
  desk.changed();
  return ok({ [kind.one]: kind.show(rule) });
}

function remove(desk: Desk, { list }: RuleKind, rule: Rule): Answer {
  desk.state.rules.set(
    list,
    rulesOf(desk.state, list).filter(({ id }) => id !== rule.id),
  );
  desk.changed();
  return noContent;
}

/** As an administrator does it; throws where Zendesk's page would refuse. */
export function addRuleByHand(desk: Desk, list: string, fields: Fields): number {
  const kind = ruleKinds.find((each) => each.list === list);
  if (!kind) throw new Error(`there is no list ${list}`);
  const { status, body } = add(desk, kind, fields);
  if (status !== 201) throw new Error(`not made: ${JSON.stringify(body)}`);
  return rulesOf(desk.state, list).at(-1)!.id;
}
