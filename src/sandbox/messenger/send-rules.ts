import type { MessengerSimulatorOptions } from '../contract.ts';
import { GraphError, invalid } from './graph-error.ts';
import type { Customer, State, StoredAttachment } from './state.ts';
import { checkTemplate, filledUtility } from './template-rules.ts';

type Json = Record<string, unknown>;

const hour = 3_600_000;
const window = 24 * hour;
const humanAgentWindow = 7 * 24 * hour;
const longestText = 2000;
const longestMetadata = 1000;
const types = ['RESPONSE', 'UPDATE', 'MESSAGE_TAG', 'UTILITY'];
const attachmentTypes = ['image', 'video', 'audio', 'file'];

const outsideWindow = (): GraphError =>
  new GraphError('(#10) This message is sent outside of allowed window.', 10, 2018278);

/** Whether the page may write to this customer now. Returns the tag used. */
export function checkRight(options: MessengerSimulatorOptions, customer: Customer, request: Json): string | undefined {
  const type = String(request['messaging_type']);
  if (!types.includes(type)) throw invalid(`Param messaging_type must be one of {${types.join(', ')}}`);
  const silence = Date.now() - (customer.lastContact ?? 0);
  const template = (request['message'] as Json | undefined)?.['template'] !== undefined;
  if ((type === 'UTILITY') !== template)
    throw invalid('A template is sent with messaging_type UTILITY, and nothing else is');
  if (type !== 'MESSAGE_TAG') {
    // What was approved beforehand may go at any time.
    if (silence > window && type !== 'UTILITY') throw outsideWindow();
    return undefined;
  }
  const tag = request['tag'];
  if (tag !== 'HUMAN_AGENT') throw invalid('Param tag must be one of {HUMAN_AGENT, CUSTOMER_FEEDBACK}');
  if (!options.humanAgent) throw invalid('The app has not been granted the feature Human Agent');
  if (silence > humanAgentWindow) throw outsideWindow();
  return tag;
}

interface Content {
  text?: string;
  attachments: StoredAttachment[];
  /** What can be tapped, where a template brings it. */
  choices?: string[];
}

/** Exactly one of text, attachment and template, each within Meta's limits. */
export function checkContent(state: State, message: Json): Content {
  const { text, attachment, metadata, template } = message;
  if (template !== undefined) {
    if (text !== undefined || attachment !== undefined) throw invalid('A template goes by itself');
    checkLength('message[metadata]', metadata, longestMetadata);
    return { text: filledUtility(state.utilityTemplates, template), attachments: [] };
  }
  if ((text === undefined) === (attachment === undefined)) {
    throw invalid('Param message must have exactly one of text and attachment');
  }
  checkLength('message[metadata]', metadata, longestMetadata);
  const payload = (attachment as { payload?: Json } | undefined)?.payload;
  if ((attachment as Json | undefined)?.['type'] === 'template') {
    const shown = checkTemplate(payload ?? {}, state.receipts);
    return { text: shown.text, attachments: [{ type: 'template', name: shown.name }], choices: shown.choices };
  }
  if (attachment !== undefined) return { attachments: [attachmentOf(state, attachment)] };
  if (typeof text !== 'string' || text.trim() === '') throw invalid('Param message[text] must be a non-empty string');
  checkLength('message[text]', text, longestText);
  return { text, attachments: [] };
}

function checkLength(name: string, value: unknown, longest: number): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw invalid(`Param ${name} must be a string`);
  if (value.length > longest) throw invalid(`Length of param ${name} must be less than or equal to ${longest}`);
}

function attachmentOf(state: State, json: unknown): StoredAttachment {
  const { type, payload } = (json ?? {}) as { type?: unknown; payload?: Json };
  if (!attachmentTypes.includes(String(type))) {
    throw invalid(`Param message[attachment][type] must be one of {${attachmentTypes.join(', ')}}`);
  }
  if (typeof payload?.['url'] === 'string') return { type: String(type), url: payload['url'] };
  const upload = state.uploads.get(String(payload?.['attachment_id']));
  if (!upload) throw invalid('The attachment id is not valid', 2018074);
  if (upload.type !== type) throw invalid('The attachment was uploaded as another type', 2018047);
  return { type: upload.type, file: upload.file };
}
