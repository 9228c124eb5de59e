import { ActionIcon, Button, Fieldset, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { JsonSchema } from '../../../wire/mapping.ts';
import { Icon } from '../../parts/icon.tsx';
import { useWords } from '../../words/language.tsx';
import { begunWith, type Path, withOneMore, withOneMoved, withoutOne } from './form-document.ts';
import { words } from './words.ts';

interface RulesProps {
  name: string;
  path: Path;
  schema: JsonSchema;
  rules: readonly unknown[];
  text: string;
  write: (text: string) => void;
  /** Draws the fields of one. */
  children: (path: Path, schema: JsonSchema) => ReactNode;
}

/** A list whose order matters: each with its fields, to be added, moved and removed. */
export function Rules({ name, path, schema, rules, text, write, children }: RulesProps) {
  const t = useWords(words);
  const item = schema.items ?? {};
  const add = () => write(withOneMore(text, path, begunWith(item)));
  return (
    <Stack gap="sm">
      <Text size="xs" c="dimmed">
        {t('inOrder')}
      </Text>
      {rules.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is all that names a rule
        <Fieldset key={index} legend={legendOf(t('ruleOf', { name, n: index + 1 }), rule)} p="sm">
          <Stack gap="sm">
            {children([...path, index], item)}
            <Buttons
              label={t('ruleOf', { name, n: index + 1 })}
              first={index === 0}
              last={index === rules.length - 1}
              move={(by) => write(withOneMoved(text, path, index, by))}
              remove={() => write(withoutOne(text, path, index))}
            />
          </Stack>
        </Fieldset>
      ))}
      <Group>
        <Button size="compact-sm" variant="default" onClick={add}>
          {t('addTo', { name })}
        </Button>
      </Group>
    </Stack>
  );
}

/** A rule may have a name of its own. */
const legendOf = (place: string, rule: unknown): string => {
  const { name } = (rule ?? {}) as { name?: unknown };
  return typeof name === 'string' ? `${place}: ${name}` : place;
};

interface ButtonsProps {
  label: string;
  first: boolean;
  last: boolean;
  move: (by: 1 | -1) => void;
  remove: () => void;
}

function Buttons({ label, first, last, move, remove }: ButtonsProps) {
  const t = useWords(words);
  return (
    <Group gap="xs" justify="flex-end">
      <ActionIcon variant="default" disabled={first} onClick={() => move(-1)} aria-label={`${t('moveUp')} ${label}`}>
        <Icon name="up" size={16} />
      </ActionIcon>
      <ActionIcon variant="default" disabled={last} onClick={() => move(1)} aria-label={`${t('moveDown')} ${label}`}>
        <Icon name="down" size={16} />
      </ActionIcon>
      <ActionIcon variant="default" onClick={remove} aria-label={`${t('remove')} ${label}`}>
        <Icon name="cross" size={16} />
      </ActionIcon>
    </Group>
  );
}
