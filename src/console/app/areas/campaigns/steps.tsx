import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CampaignStep, CampaignView } from '../../../wire/campaigns.ts';
import { act } from '../../api/client.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { Shown } from '../../parts/states.tsx';
import { useAct } from '../../parts/use-act.ts';
import { useWords } from '../../words/language.tsx';
import { Size, useEstimate } from './estimate.tsx';
import { StartAt } from './fields.tsx';
import { words } from './words.ts';

interface StepsProps {
  path: string;
  campaign: CampaignView;
}

/** What can be done with it now; each says first what will happen. */
export function Steps({ path, campaign }: StepsProps) {
  const t = useWords(words);
  const [step, setStep] = useState<CampaignStep>();
  return (
    <Group gap="sm">
      {campaign.steps.map((each) => (
        <Button
          key={each}
          variant={each === 'stop' ? 'outline' : each === 'pause' ? 'default' : 'filled'}
          {...(each === 'stop' && { color: 'red' })}
          onClick={() => setStep(each)}
        >
          {t(`${each}Button`)}
        </Button>
      ))}
      {step && <StepDialog key={step} path={path} campaign={campaign} step={step} close={() => setStep(undefined)} />}
    </Group>
  );
}

function StepDialog({ path, campaign, step, close }: StepsProps & { step: CampaignStep; close: () => void }) {
  const t = useWords(words);
  const [at, setAt] = useState('');
  const [reason, setReason] = useState('');
  const body =
    step === 'start'
      ? at && { at: new Date(at).toISOString() }
      : (step === 'pause' || step === 'stop') && reason.trim() && { reason };
  const doIt = useAct(() => act<CampaignView>('POST', `${path}/${step}`, body || {}), {
    say: ({ state }) => t('isNow', { state: t(state) }),
    done: close,
  });
  const about = step === 'start' && campaign.approval ? 'startApprovalAbout' : (`${step}About` as const);
  return (
    <Confirm
      opened
      close={close}
      title={t(`${step}Title`, { name: campaign.name })}
      act={t(`${step}Button`)}
      dangerous={step === 'stop'}
      busy={doIt.isPending}
      onConfirm={() => doIt.mutate(undefined)}
    >
      <Stack gap="sm">
        <Text size="sm">{t(about, { left: campaign.planned - campaign.released })}</Text>
        {(step === 'start' || step === 'approve') && <Reach path={path} />}
        {step === 'start' && <StartAt value={at} set={setAt} />}
        {(step === 'pause' || step === 'stop') && (
          <TextInput
            label={t('reason')}
            description={t('reasonHint')}
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
        )}
      </Stack>
    </Confirm>
  );
}

function Reach({ path }: { path: string }) {
  return <Shown of={useEstimate(path)}>{(estimate) => <Size estimate={estimate} />}</Shown>;
}
