import { autocompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, linter, lintGutter } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { basicSetup } from 'codemirror';
import { useEffect, useRef } from 'react';
import type { JsonSchema, MappingChecked, MappingMistake } from '../../../wire/mapping.ts';
import { act } from '../../api/client.ts';
import { styleNonce } from '../../theme.ts';
import { completeBy } from './completion.ts';

interface EditorProps {
  text: string;
  schema: JsonSchema;
  label: string;
  onChange: (text: string) => void;
  onChecked: (mistakes: MappingMistake[]) => void;
}

/** The text of a mapping: completes by the schema, and marks what the service finds wrong with it. */
export function Editor({ text, schema, label, onChange, onChecked }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef({ onChange, onChecked });
  told.current = { onChange, onChecked };
  const first = useRef(text);
  useEffect(() => {
    const made = new EditorView({
      parent: place.current!,
      state: EditorState.create({ doc: first.current, extensions: extensions(schema, label, told) }),
    });
    view.current = made;
    return () => made.destroy();
  }, [schema, label]);
  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (view.current && now !== text) view.current.dispatch({ changes: { from: 0, to: now!.length, insert: text } });
  }, [text]);
  return <div ref={place} />;
}

type Told = { current: Pick<EditorProps, 'onChange' | 'onChecked'> };

const extensions = (schema: JsonSchema, label: string, told: Told) => [
  EditorView.cspNonce.of(styleNonce()),
  basicSetup,
  yaml(),
  autocompletion({ override: [completeBy(schema)] }),
  lintGutter(),
  linter((view) => mistakesIn(view, told), { delay: 500 }),
  EditorView.contentAttributes.of({ 'aria-label': label }),
  EditorView.updateListener.of(({ docChanged, state }) => docChanged && told.current.onChange(state.doc.toString())),
  EditorView.lineWrapping,
  look,
];

/** Asks the service; while it does not answer nothing is marked. */
async function mistakesIn({ state: { doc } }: EditorView, told: Told): Promise<Diagnostic[]> {
  const checked = await act<MappingChecked>('POST', '/mapping/check', { text: doc.toString() }).catch(() => undefined);
  if (!checked) return [];
  told.current.onChecked(checked.mistakes);
  return checked.mistakes.map((mistake) => {
    const line = doc.line(Math.min(Math.max(mistake.line, 1), doc.lines));
    const from = Math.min(line.from + mistake.column - 1, line.to);
    return { from, to: line.to, severity: 'error', message: sayMistake(mistake) };
  });
}

export const sayMistake = ({ path, problem, expected }: MappingMistake): string =>
  `${path ? `${path}: ` : ''}${problem}${expected ? ` (${expected})` : ''}`;

const look = EditorView.theme({
  '&': {
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: 'var(--mantine-radius-md)',
    maxHeight: '70vh',
    fontSize: '13px',
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
  },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', overflow: 'auto' },
  '.cm-gutters': {
    backgroundColor: 'var(--mantine-color-default-hover)',
    color: 'var(--mantine-color-dimmed)',
    border: 'none',
  },
  '.cm-content': { caretColor: 'var(--mantine-color-text)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--mantine-color-default-hover)' },
  '.cm-content span': { color: 'inherit' },
  '.cm-tooltip': {
    backgroundColor: 'var(--mantine-color-body)',
    color: 'var(--mantine-color-text)',
    border: '1px solid var(--mantine-color-default-border)',
  },
});
