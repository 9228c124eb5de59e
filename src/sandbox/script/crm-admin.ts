import { crmAdminKey } from '../demo/account-data.ts';
import { ask } from './api.ts';
import type { Stage } from './scene.ts';

/** What a CRM admin asks of the service, by its API. */
export const api = async (stage: Stage, method: 'GET' | 'POST', path: string, body?: unknown) =>
  (await ask(stage, crmAdminKey, method, path, body)).answer;

/** The text of the version in force. */
export async function textInForce(stage: Stage): Promise<string> {
  const { items } = (await api(stage, 'GET', '/v1/mapping/versions?limit=1')) as { items: { number: number }[] };
  return String((await api(stage, 'GET', `/v1/mapping/versions/${items[0]?.number}`))['text']);
}

/** Puts a mapping in force; throws if it is refused. */
export async function applyMapping(stage: Stage, text: string, comment: string): Promise<void> {
  const applied = await api(stage, 'POST', '/v1/mapping/versions', { text, comment });
  if (applied['result'] !== 'applied') throw new Error(`the mapping was not applied: ${JSON.stringify(applied)}`);
}
