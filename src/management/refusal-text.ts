export interface RefusalText {
  status: number;
  title: string;
  explanation: string;
  remedy: string;
}

export function text(status: number, title: string, explanation: string, remedy: string): RefusalText {
  return { status, title, explanation, remedy };
}
