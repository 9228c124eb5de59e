import { useQuery } from '@tanstack/react-query';
import type { CampaignChoices } from '../../../wire/campaigns.ts';
import { ask } from '../../api/client.ts';

/** What a campaign can be made of. */
export const useChoices = () =>
  useQuery({
    queryKey: ['/campaigns/choices'],
    queryFn: ({ signal }) => ask<CampaignChoices>('/campaigns/choices', {}, signal),
    staleTime: 300_000,
  });
