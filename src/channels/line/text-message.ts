import type { messagingApi } from '@line/bot-sdk';
import type { Choice, OutgoingBody } from '../channel.ts';
import { shortened } from '../shared/shortened.ts';
import { choiceData } from './choice-data.ts';
import { action, buttons, limits } from './limits.ts';

type Message = messagingApi.Message;
type Action = messagingApi.Action;

/**
 * A text with what can be tapped under it. Links become buttons where they fit, for those stay in the chat; everything else
 * becomes quick replies, which go with the next message.
 */
export function textMessage({ text, choices = [] }: Extract<OutgoingBody, { type: 'text' }>): Message {
  const tappable = choices.filter(isTappable).slice(0, limits.choices.most);
  const links = choices.filter((choice) => !isTappable(choice)).map((choice) => `${choice.title}: ${urlOf(choice)}`);
  const words = [text, ...links].join('\n');
  const actions = tappable.map(actionOf);
  if (actions.length === 0) return { type: 'text', text: words };
  if (tappable.some(isLink) && actions.length <= buttons.most && words.length <= buttons.textLength)
    return { type: 'template', altText: words, template: { type: 'buttons', text: words, actions } };
  return {
    type: 'text',
    text: words,
    quickReply: { items: actions.map((each) => ({ type: 'action', action: each })) },
  };
}

const isLink = (choice: Choice): choice is { title: string; url: string } => 'url' in choice;
const urlOf = (choice: Choice): string => (isLink(choice) ? choice.url : '');

/** "URI action": these schemes, up to 1,000 characters. */
export const isTappable = (choice: Choice): boolean =>
  !isLink(choice) || (/^(?:https?|line|tel):/.test(choice.url) && choice.url.length <= action.uri);

export function actionOf(choice: Choice): Action {
  const label = shortened(choice.title, limits.choices.titleLength);
  if (isLink(choice)) return { type: 'uri', label, uri: choice.url };
  const displayText = shortened(choice.title, action.displayText);
  return { type: 'postback', label, data: choiceData(choice.payload, label), displayText };
}
