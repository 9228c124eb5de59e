import { expect, test } from 'vitest';
import { templateCommand } from './template-command.ts';

test.each([
  ['/template order_ready', { name: 'order_ready', language: 'en', parameters: [] }],
  [
    '/template order_ready pt_BR\nAna\n\n 4711 ',
    { name: 'order_ready', language: 'pt_BR', parameters: ['Ana', '4711'] },
  ],
  ['  /template  a  fr \r\nun', { name: 'a', language: 'fr', parameters: ['un'] }],
])('%j asks for a template', (text, expected) =>
  expect(templateCommand(text)).toEqual({ type: 'template', ...expected }),
);

test.each(['Use /template a en', '/template', '/templates a', '/template a b c', 'Hello'])('%j is a reply', (text) =>
  expect(templateCommand(text)).toBeUndefined(),
);
