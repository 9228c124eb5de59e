import { done, type Outcome } from '../../../domain/outcome.ts';
import { Secret } from '../../../kit/secret.ts';
import type { Tools } from '../../../kit/tools.ts';
import { asList, asRecord, asText, type JsonRecord } from '../json.ts';
import { callGraph, type GraphAccess, type GraphCall } from './client.ts';
import type { ErrorTable } from './error-rules.ts';
import { troubleOfHarmless } from './trouble.ts';

/** A Meta app and one kind of object it can be told of (`page`). */
export interface SubscribingApp {
  id: string;
  secret: Secret;
  object: string;
  access: GraphAccess;
  /** What this part of the Graph API's errors mean; those of Messenger when absent. */
  errors?: ErrorTable;
}

/** What the app as a whole has subscribed to, and where that goes (Graph API, "Application subscriptions"). */
export interface AppSubscription {
  callbackUrl?: string;
  fields: string[];
}

export async function readAppSubscription(app: SubscribingApp, tools: Tools): Promise<Outcome<AppSubscription>> {
  const answer = await askAsApp({ method: 'GET', path: `/${app.id}/subscriptions` }, app, tools);
  if (answer.result !== 'done') return answer;
  const own = asList(answer.value['data'])
    .map(asRecord)
    .find((each) => each?.['object'] === app.object);
  const callbackUrl = asText(own?.['callback_url']);
  const fields = asList(own?.['fields']).flatMap((field) => asText(asRecord(field)?.['name']) ?? asText(field) ?? []);
  return done({ ...(callbackUrl === undefined ? {} : { callbackUrl }), fields });
}

/** Replaces what there was. Meta calls the address at once and takes it only when it answers with the challenge. */
export async function writeAppSubscription(
  app: SubscribingApp,
  { callbackUrl, fields, verifyToken }: Required<AppSubscription> & { verifyToken: Secret },
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const body = {
    object: app.object,
    callback_url: callbackUrl,
    fields: fields.join(','),
    verify_token: verifyToken.reveal(),
  };
  return askAsApp({ method: 'POST', path: `/${app.id}/subscriptions`, body }, app, tools);
}

/** Subscriptions belong to the app, so that the app's own token asks: its id and its secret. */
async function askAsApp(
  call: GraphCall,
  { id, secret, access, errors }: SubscribingApp,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const token = new Secret(`${id}|${secret.reveal()}`);
  const answer = await callGraph(call, { ...access, token }, tools);
  return answer.kind === 'success' ? done(answer.json) : troubleOfHarmless(answer, errors);
}
