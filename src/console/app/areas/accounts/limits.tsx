import { Table } from '@mantine/core';
import type { AccountLimits } from '../../../wire/accounts.ts';
import { Section } from '../../parts/card.tsx';
import type { Language } from '../../words/catalogue.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const megabytes = (bytes: number, language: Language): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(
    bytes / 1024 ** 2,
  );

export function LimitsTable({ limits }: { limits: AccountLimits }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { textLength, attachmentBytes, attachmentBytesByType, choices } = limits;
  const rows: [string, string][] = [
    [t('textLength'), t('letters', { n: textLength })],
    [t('file'), attachmentBytes === 0 ? t('noFiles') : megabytes(attachmentBytes, language)],
    ...attachmentBytesByType.map(({ type, bytes }): [string, string] => [
      `${t('file')} ${t('fileOf', { type })}`,
      megabytes(bytes, language),
    ]),
    [t('choices'), choices ? t('choicesOf', { most: choices.most, length: choices.titleLength }) : t('noChoices')],
  ];
  return (
    <Section title={t('limits')}>
      <Table>
        <Table.Tbody>
          {rows.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400}>
                {name}
              </Table.Th>
              <Table.Td ta="right">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}
