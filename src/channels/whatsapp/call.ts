import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphCall } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import type { JsonRecord } from '../shared/json.ts';
import { accessOf, type WhatsAppAccount } from './account.ts';
import { whatsappErrors } from './error-rules.ts';

/** A call that shows nobody anything (a read, an upload, a setting): when its answer is lost it can simply be made again. */
export async function ask(call: GraphCall, account: WhatsAppAccount, tools: Tools): Promise<Outcome<JsonRecord>> {
  const answer = await callGraph(call, accessOf(account), tools);
  return answer.kind === 'success' ? done(answer.json) : troubleOfHarmless(answer, whatsappErrors);
}
