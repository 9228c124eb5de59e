import { Accordion, Alert, NativeSelect, Stack, Text, Textarea } from '@mantine/core';
import type { Document } from 'yaml';
import type { JsonSchema } from '../../../wire/mapping.ts';
import { useWords } from '../../words/language.tsx';
import { kindOf, type Path, readDocument, valueAt, withValue } from './form-document.ts';
import { Rules } from './rules.tsx';
import { words } from './words.ts';

interface FormProps {
  text: string;
  schema: JsonSchema;
  onChange: (text: string) => void;
}

/** The mapping as a form, drawn from its schema; it changes the text, which stays the truth. */
export function Form({ text, schema, onChange }: FormProps) {
  const t = useWords(words);
  const document = readDocument(text);
  if (!document) return <Alert color="orange">{t('formBroken')}</Alert>;
  const set = (path: Path, value: unknown) => onChange(withValue(text, path, value));
  const shared = { text, write: onChange, document, set };
  return (
    <Accordion variant="separated" multiple defaultValue={['tickets']}>
      {Object.entries(schema.properties ?? {}).map(([name, below]) => (
        <Accordion.Item key={name} value={name}>
          <Accordion.Control>{name}</Accordion.Control>
          <Accordion.Panel>
            <Field name={name} path={[name]} schema={below} {...shared} />
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

interface FieldProps {
  name: string;
  path: Path;
  schema: JsonSchema;
  document: Document;
  /** The whole mapping, and what changes it. */
  text: string;
  write: (text: string) => void;
  set: (path: Path, value: unknown) => void;
}

function Field(props: FieldProps) {
  const t = useWords(words);
  const { name, path, schema, document, set } = props;
  const kind = kindOf(schema);
  const value = valueAt(document, path);
  const usual = sayValue(schema.default);
  switch (kind) {
    case 'group':
      return <Fields {...props} />;
    case 'list':
      return (
        <Rules
          {...{ name, path, schema, text: props.text, write: props.write }}
          rules={Array.isArray(value) ? value : []}
        >
          {(below, item) => <Fields {...props} path={below} schema={item} />}
        </Rules>
      );
    case 'yes-no':
    case 'choice':
      return <Choice {...{ name, schema, value, usual }} set={(chosen) => set(path, chosen)} />;
    case 'text':
    case 'lines':
    case 'one-or-more':
      return (
        <Textarea
          label={name}
          description={kind === 'text' ? undefined : t('oneALine')}
          placeholder={usual}
          autosize
          maxRows={8}
          value={kind !== 'text' && Array.isArray(value) ? value.join('\n') : sayValue(value)}
          onChange={(e) => set(path, typed(e.currentTarget.value, kind))}
        />
      );
    default:
      return (
        <Text size="sm">
          <b>{name}</b>:{' '}
          <Text span inherit c="dimmed">
            {t('onlyYaml')}
          </Text>
        </Text>
      );
  }
}

function Fields({ path, schema, ...shared }: FieldProps) {
  return (
    <Stack gap="sm" pl={path.length > 1 ? 'md' : 0}>
      {Object.entries(schema.properties ?? {}).map(([name, below]) => (
        <Field key={name} {...shared} name={name} path={[...path, name]} schema={below} />
      ))}
    </Stack>
  );
}

interface ChoiceProps {
  name: string;
  schema: JsonSchema;
  value: unknown;
  usual: string;
  set: (value: unknown) => void;
}

function Choice({ name, schema, value, usual, set }: ChoiceProps) {
  const t = useWords(words);
  const yesNo = [
    { value: 'true', label: t('yes') },
    { value: 'false', label: t('no') },
  ];
  const choices = schema.enum?.map((each) => ({ value: String(each), label: String(each) })) ?? yesNo;
  const usualSaid = choices.find((each) => each.value === usual)?.label ?? '–';
  const chosen = (text: string) => (text === '' ? undefined : schema.type === 'boolean' ? text === 'true' : text);
  return (
    <NativeSelect
      label={name}
      value={value === undefined ? '' : String(value)}
      onChange={(e) => set(chosen(e.currentTarget.value))}
      data={[{ value: '', label: t('usual', { value: usualSaid }) }, ...choices]}
    />
  );
}

function typed(text: string, kind: 'text' | 'lines' | 'one-or-more'): unknown {
  if (text.trim() === '') return undefined;
  const lines = text.split('\n');
  return kind === 'text' || (kind === 'one-or-more' && lines.length === 1) ? text : lines;
}

function sayValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
