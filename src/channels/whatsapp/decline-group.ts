import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import { troubleOf } from '../shared/graph/trouble.ts';
import type { WhatsAppAccount } from './account.ts';
import { whatsappErrors } from './error-rules.ts';
import { post } from './send.ts';

const words = 'This number does not answer in groups. Please write to it directly.';

/** A business cannot leave a group it made, so that it only says where it can be reached (Cloud API, "Groups"). */
export async function declineGroup(
  { chat }: { chat: string },
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<void>> {
  const body = {
    messaging_product: 'whatsapp',
    recipient_type: 'group',
    to: chat,
    type: 'text',
    text: { body: words },
  };
  const answer = await post(body, account, tools);
  return answer.kind === 'success' ? done(undefined) : troubleOf(answer, whatsappErrors);
}
