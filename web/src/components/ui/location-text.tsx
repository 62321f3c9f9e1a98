// Where something takes place: an address on the web is one touch away.

export function LocationText({ value }: { value: string }) {
  if (!/^https?:\/\/\S+$/.test(value)) return value;
  return (
    <a href={value} target="_blank" rel="noreferrer" className="underline underline-offset-4">
      {value}
    </a>
  );
}
