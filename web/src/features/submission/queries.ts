import { submissionRoutes } from '@geneward/api';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { api, currentLanguage } from '../../app/client.ts';

export const useSubmissions = (signedIn: boolean) =>
  useInfiniteQuery({
    queryKey: ['submissions'],
    enabled: signedIn,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api().call(submissionRoutes.listSubmissions, {
        query: { limit: 50, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** Asked again every few seconds while the server works on it. */
export const useSubmission = (submission: string) =>
  useQuery({
    queryKey: ['submission', submission],
    queryFn: ({ signal }) => api().call(submissionRoutes.getSubmission, { params: { submission }, signal }),
    refetchInterval: ({ state: { data } }) =>
      data && (data.status === 'checking' || data.sheets.some((sheet) => sheet.state === 'reading')) ? 2000 : false,
  });

export type Level = 'error' | 'warning' | 'hint';

export const useFindings = (submission: string, level: Level | undefined) =>
  useInfiniteQuery({
    queryKey: ['findings', submission, level, currentLanguage()],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api().call(submissionRoutes.listFindings, {
        params: { submission },
        query: { ...(level && { level }), limit: 50, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

export const useSubmissionFiles = (submission: string) =>
  useInfiniteQuery({
    queryKey: ['submission-files', submission],
    initialPageParam: '',
    refetchInterval: 15_000,
    queryFn: ({ pageParam, signal }) =>
      api().call(submissionRoutes.listSubmissionFiles, {
        params: { submission },
        query: { limit: 50, ...(pageParam && { after: pageParam }) },
        signal,
      }),
    getNextPageParam: (last) => last.next,
  });

/** Saves the whole report in the reader's language. */
export const useReport = (submission: string) =>
  useMutation({
    mutationFn: async () => {
      const reply = await api().raw(submissionRoutes.downloadReport, {
        params: { submission },
        query: { format: 'tsv' },
      });
      const address = URL.createObjectURL(await reply.blob());
      const link = Object.assign(document.createElement('a'), { href: address, download: `report-${submission}.tsv` });
      link.click();
      URL.revokeObjectURL(address);
    },
  });
