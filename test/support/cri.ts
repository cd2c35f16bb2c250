import { call } from './grpc.ts';
import { decode, type Field } from './protobuf.ts';

/** What a pod is asked to be, as the kubelet tells a runtime. */
export interface PodRequest {
  readonly name: string;
  readonly ports: readonly { readonly container: number; readonly host: number }[];
  readonly annotations: { readonly [key: string]: string };
  readonly cgroup: string;
  readonly logs: string;
}

/** The kubelet's questions to a runtime. Numbers of fields are those of the container runtime interface, v1. */
export interface Cri {
  /** Conditions that are not met, with their reasons. */
  unready(): Promise<string[]>;
  runPod(pod: PodRequest): Promise<string>;
  /** The pod's address. */
  address(pod: string): Promise<string>;
  /** Makes a container in a pod, and starts it. */
  runContainer(pod: string, request: PodRequest, image: string, command: readonly string[]): Promise<string>;
  stopPod(pod: string): Promise<void>;
  removePod(pod: string): Promise<void>;
}

export function criOf(socket: string): Cri {
  const ask = (question: string, fields: readonly Field[] = []) => call(socket, `runtime.v1.RuntimeService/${question}`, fields);
  return {
    async unready() {
      const [status] = messages(await ask('Status'), 1);
      return messages(status!, 1).filter((one) => one.get(2)?.[0] !== 1).map((one) => `${text(one, 1)}: ${text(one, 4)}`);
    },
    runPod: async (pod) => text(await ask('RunPodSandbox', [[1, config(pod)]]), 1),
    async address(pod) {
      const [status] = messages(await ask('PodSandboxStatus', [[1, pod]]), 1), [network] = messages(status!, 5);
      return text(network!, 1);
    },
    async runContainer(pod, request, image, command) {
      const container: Field[] = [[1, [[1, 'web']]], [2, [[1, image]]], ...command.map((word): Field => [3, word]), [11, 'web.log']];
      const id = text(await ask('CreateContainer', [[1, pod], [2, container], [3, config(request)]]), 1);
      await ask('StartContainer', [[1, id]]);
      return id;
    },
    stopPod: async (pod) => void await ask('StopPodSandbox', [[1, pod]]),
    removePod: async (pod) => void await ask('RemovePodSandbox', [[1, pod]]),
  };
}

const config = ({ name, ports, annotations, cgroup, logs }: PodRequest): Field[] => [
  [1, [[1, name], [2, `uid-${name}`], [3, 'default']]], [2, name], [3, logs],
  ...ports.map(({ container, host }): Field => [5, [[2, container], [3, host]]]), ...Object.entries(annotations).map(([key, value]): Field => [7, [[1, key], [2, value]]]), [8, [[1, cgroup]]],
];

type Message = ReturnType<typeof decode>;
const messages = (message: Message, field: number): Message[] => (message.get(field) ?? []).map((bytes) => decode(bytes as Buffer));
const text = (message: Message, field: number): string => String(message.get(field)?.[0] ?? '');
