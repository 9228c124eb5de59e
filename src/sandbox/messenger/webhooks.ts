import type { MessengerSimulator } from '../contract.ts';
import { type Deliveries, makeDeliveries, patientDelaysMs, posted } from '../deliveries.ts';
import { signedHeaders } from './webhook-body.ts';

const answerWithinMs = 5_000;

export interface WebhookSender extends Omit<Deliveries<string>, 'controls'> {
  controls: MessengerSimulator['webhooks'];
  setUrl(url: string): void;
}

/** Delivers webhooks as Meta does: again when not answered 200, for about an hour; then it may give up on the page (`unsubscribe`). */
export function makeWebhookSender(
  appSecret: string,
  firstUrl: string | undefined,
  unsubscribe: () => void,
): WebhookSender {
  let url = firstUrl;
  let failures = 0;
  const deliveries = makeDeliveries<string>({
    retryDelaysMs: patientDelaysMs,
    attempt: async (body, _tried, stop) => {
      const answer = await posted(url, { body, headers: signedHeaders(body, appSecret) }, answerWithinMs, stop);
      const taken = answer?.status === 200;
      failures = taken ? 0 : failures + 1;
      if (failures >= controls.unsubscribeAfter) giveUpOnPage();
      return taken ? 'taken' : 'refused';
    },
  });
  const controls = Object.assign(deliveries.controls, { unsubscribeAfter: Number.POSITIVE_INFINITY });

  /** What is owed is dropped, and nothing more is told. */
  function giveUpOnPage(): void {
    failures = 0;
    deliveries.drop();
    unsubscribe();
  }

  return {
    ...deliveries,
    controls,
    setUrl: (next) => {
      url = next;
    },
    forget: () => {
      deliveries.forget();
      failures = 0;
      controls.unsubscribeAfter = Number.POSITIVE_INFINITY;
    },
  };
}
