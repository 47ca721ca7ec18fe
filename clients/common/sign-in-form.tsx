import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState, type FormEvent } from "react";

import { failureOf, type Failure } from "./failure.ts";
import type { SessionStore } from "./session-store.ts";

export interface SignInFormProps {
  readonly session: SessionStore;
  readonly title: string;
  readonly hint?: string;
  /** Customers may open an account here; staff are added by the administration. */
  readonly canRegister?: boolean;
  readonly onDone?: () => void;
}

/** E-mail and password; with `canRegister` also a new account. */
export function SignInForm({ session, title, hint, canRegister = false, onDone }: SignInFormProps) {
  const [registering, setRegistering] = useState(false);
  const { busy, failure, submit } = useSubmit(session, registering, onDone);
  const act = registering ? "Open account" : "Sign in";
  return (
    <Stack component="form" spacing={2} onSubmit={(event) => void submit(event)} aria-label={title}>
      <Typography variant="h3" component="h1">
        {registering ? "Open an account" : title}
      </Typography>
      {hint && <Typography color="textSecondary">{hint}</Typography>}
      <Fields registering={registering} />
      {failure && <Alert severity="error">{failure.title}</Alert>}
      <Button type="submit" variant="contained" size="large" loading={busy}>
        {act}
      </Button>
      {canRegister && (
        <Link
          component="button"
          type="button"
          onClick={() => setRegistering(!registering)}
          sx={{ alignSelf: "center" }}
        >
          {registering ? "I have an account" : "I am new here"}
        </Link>
      )}
    </Stack>
  );
}

function useSubmit(session: SessionStore, registering: boolean, onDone: (() => void) | undefined) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, password, name] = [text(form, "email"), text(form, "password"), text(form, "name")];
    setBusy(true);
    setFailure(undefined);
    try {
      if (registering) await session.register({ email, password, name });
      else await session.open({ email, password });
      onDone?.();
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return { busy, failure, submit };
}

function Fields({ registering }: { readonly registering: boolean }) {
  return (
    <>
      {registering && (
        <TextField
          name="name"
          label="Your name"
          autoComplete="name"
          required
          slotProps={{ htmlInput: { maxLength: 80 } }}
        />
      )}
      <TextField name="email" label="E-mail" type="email" autoComplete="username" required />
      <TextField
        name="password"
        label="Password"
        type="password"
        required
        autoComplete={registering ? "new-password" : "current-password"}
        helperText={registering ? "At least 10 characters" : undefined}
        slotProps={{ htmlInput: registering ? { minLength: 10, maxLength: 200 } : {} }}
      />
    </>
  );
}

function text(form: FormData, field: string): string {
  const value = form.get(field);
  return typeof value === "string" ? value : "";
}
