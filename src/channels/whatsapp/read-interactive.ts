import type { Part } from '../../domain/part.ts';
import { asRecord, asText, defined, type JsonRecord, scalars } from '../shared/json.ts';

/** The answer to a message with buttons, a list, a form (flow) or a question whether one may call. */
export function interactiveParts(interactive: JsonRecord): Part[] {
  const type = asText(interactive['type']) ?? '';
  const reply = asRecord(interactive[type]);
  if (!reply) return [];
  switch (type) {
    case 'button_reply':
    case 'list_reply':
      return chosen(reply);
    case 'nfm_reply':
      return [formPart(reply)];
    case 'call_permission_reply':
      return [
        { type: 'template', what: type, lines: [`May the business call? ${asText(reply['response']) ?? ''}`.trim()] },
      ];
    default:
      return [{ type: 'unsupported', what: `interactive.${type}` }];
  }
}

/** `id` is what we hid in the button. A row of a list may have a second line. */
function chosen(reply: JsonRecord): Part[] {
  const description = asText(reply['description']);
  return [
    { type: 'button', ...defined({ title: asText(reply['title']), payload: asText(reply['id']) }) },
    ...(description === undefined ? [] : [{ type: 'text', text: description } as const]),
  ];
}

/** What was filled in comes as JSON within the JSON. The token only ties the answer to its form. */
function formPart(reply: JsonRecord): Part {
  const { flow_token: _, ...answers } = scalars(asRecord(parsed(reply['response_json'])) ?? {});
  const body = asText(reply['body']);
  const lines = Object.entries(answers).map(([field, answer]) => `${field.replaceAll('_', ' ')}: ${answer}`);
  return { type: 'template', what: 'form', lines: [...(body === undefined ? [] : [body]), ...lines] };
}

function parsed(text: unknown): unknown {
  try {
    return JSON.parse(asText(text) ?? 'null');
  } catch {
    return undefined;
  }
}
