import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { MappingApplied, VersionLine } from '../../../wire/mapping.ts';
import { act, ask } from '../../api/client.ts';
import { useList } from '../../api/list.ts';
import { useMay } from '../../api/session.ts';
import { Section } from '../../parts/card.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Failed, Loading, More, Shown } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { Diff } from './diff.tsx';
import { words } from './words.ts';

export function Versions({ inForce }: { inForce: number | null }) {
  const t = useWords(words);
  const list = useList<VersionLine>('/mapping/versions', {}, ['mapping_versions']);
  const [compared, setCompared] = useState<number>();
  const [back, setBack] = useState<number>();
  const rollBack = useAct((to: number) => act<MappingApplied>('POST', '/mapping/rollback', { to }), {
    say: (done) => ('version' in done ? t('applied', { n: done.version ?? 0 }) : t('wrong')),
    done: () => setBack(undefined),
  });
  return (
    <Section title={t('versions')} about={t('versionsAbout')}>
      {list.isPending && <Loading />}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.items.length > 0 && <VersionTable items={list.items} compare={setCompared} rollBack={setBack} />}
      <More {...list} />
      {compared !== undefined && inForce !== null && (
        <Compared from={compared} to={inForce} close={() => setCompared(undefined)} />
      )}
      <Confirm
        opened={back !== undefined}
        close={() => setBack(undefined)}
        title={t('rollBackTitle', { n: back ?? 0 })}
        act={t('rollBack')}
        busy={rollBack.isPending}
        onConfirm={() => back !== undefined && rollBack.mutate(back)}
      >
        {t('rollBackAbout')}
      </Confirm>
    </Section>
  );
}

interface VersionTableProps {
  items: VersionLine[];
  compare: (version: number) => void;
  rollBack: (version: number) => void;
}

function VersionTable({ items, compare, rollBack }: VersionTableProps) {
  const t = useWords(words);
  const may = useMay();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            {(['version', 'who', 'when', 'what'] as const).map((head) => (
              <Table.Th key={head}>{t(head)}</Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map(({ number, who, at, comment, inForce }) => (
            <Table.Tr key={number}>
              <Table.Th scope="row" fw={400}>
                {number}{' '}
                {inForce && (
                  <Badge tt="none" size="sm">
                    {t('isInForce')}
                  </Badge>
                )}
              </Table.Th>
              <Table.Td>{who}</Table.Td>
              <Table.Td>
                <Ago at={at} />
              </Table.Td>
              <Table.Td>{comment}</Table.Td>
              <Table.Td>
                {!inForce && (
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => compare(number)}
                      aria-label={`${t('compare')} ${number}`}
                    >
                      {t('compare')}
                    </Button>
                    {may('mapping.write') && (
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => rollBack(number)}
                        aria-label={`${t('rollBack')} ${number}`}
                      >
                        {t('rollBack')}
                      </Button>
                    )}
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Compared({ from, to, close }: { from: number; to: number; close: () => void }) {
  const t = useWords(words);
  const diff = useQuery({
    queryKey: ['/mapping/diff', from, to],
    queryFn: ({ signal }) => ask<{ diff: string }>('/mapping/diff', { from, to }, signal),
  });
  const title = t('compareTitle', { from, to });
  return (
    <Dialog opened onClose={close} title={title} size="xl">
      <Shown of={diff}>
        {({ diff: text }) =>
          text.trim() === '' ? (
            <Text size="sm">{t('noDifference')}</Text>
          ) : (
            <Diff lines={text.trimEnd().split('\n')} label={title} />
          )
        }
      </Shown>
    </Dialog>
  );
}
