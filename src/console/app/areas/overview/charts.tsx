import { BarChart } from '@mantine/charts';
import { Table } from '@mantine/core';
import type { FigureStep, Figures } from '../../../wire/overview.ts';
import { Section } from '../../parts/card.tsx';
import { Details } from '../../parts/details.tsx';
import { Empty } from '../../parts/states.tsx';
import type { Language } from '../../words/catalogue.ts';
import { useLanguage, useWords } from '../../words/language.tsx';
import { words } from './words.ts';

type Series = 'in' | 'out' | 'done' | 'parked';

export function MessagesChart({ figures }: { figures: Figures }) {
  const t = useWords(words);
  if (figures.steps.every((step) => step.in + step.out === 0))
    return (
      <Section title={t('messages')}>
        <Empty title={t('noMessages')} icon="conversations">
          {t('noMessagesMore')}
        </Empty>
      </Section>
    );
  return <Bars title={t('messages')} figures={figures} series={['in', 'out']} />;
}

export function OutcomesChart({ figures }: { figures: Figures }) {
  const t = useWords(words);
  if (figures.steps.every((step) => step.done + step.parked === 0)) return null;
  return <Bars title={t('outcomes')} figures={figures} series={['done', 'parked']} />;
}

const colors: Record<Series, string> = { in: 'teal.7', out: 'blue.6', done: 'teal.7', parked: 'red.7' };

function Bars({ title, figures, series }: { title: string; figures: Figures; series: Series[] }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const data = figures.steps.map((step) => ({ ...step, time: sayStep(step, figures.stepMs, language) }));
  return (
    <Section title={title}>
      <div
        role="img"
        aria-label={`${title}: ${series.map((each) => `${t(each)} ${sum(figures.steps, each)}`).join(', ')}`}
      >
        <BarChart
          h={220}
          data={data}
          dataKey="time"
          type="stacked"
          withLegend
          withBarValueLabel={false}
          series={series.map((name) => ({ name, label: t(name), color: colors[name] }))}
          barProps={{ isAnimationActive: false }}
          valueFormatter={(value) => value.toLocaleString(language)}
        />
      </div>
      <Details label={t('asTable')}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('time')}</Table.Th>
              {series.map((each) => (
                <Table.Th key={each}>{t(each)}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data
              .filter((step) => series.some((each) => step[each] > 0))
              .map((step) => (
                <Table.Tr key={step.at}>
                  <Table.Td>{step.time}</Table.Td>
                  {series.map((each) => (
                    <Table.Td key={each}>{step[each].toLocaleString(language)}</Table.Td>
                  ))}
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      </Details>
    </Section>
  );
}

const sum = (steps: readonly FigureStep[], series: Series): number =>
  steps.reduce((all, step) => all + step[series], 0);

const day = 24 * 3_600_000;

/** What stands below a column: the time of day, or the day. */
function sayStep({ at }: FigureStep, stepMs: number, language: Language): string {
  const date = new Date(at);
  if (stepMs >= day) return date.toLocaleDateString(language, { day: 'numeric', month: 'short' });
  const time = date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
  return stepMs > 3_600_000 ? `${date.toLocaleDateString(language, { weekday: 'short' })} ${time}` : time;
}
