// GraphiQL behind a sign-in form. The tokens live in this page's memory and nowhere else: closing it forgets them.
'use strict';

(() => {
  const element = (id) => document.getElementById(id);
  const isDemo = document.body.dataset.demo === 'true';
  const SESSION = 'accessToken refreshToken expiresAt user { firstName lastName role }';
  const WELCOME = [
    '# Ask the API. Ctrl+Space completes, Ctrl+Enter runs.',
    'query Projects {',
    '  viewer { firstName lastName role }',
    '  changeCursor',
    '  projects(first: 5) {',
    '    edges { node { id projectNumber projectName phase progress } }',
    '  }',
    '}',
    '',
    '# Listens until it is stopped; choose it from the Run button.',
    'subscription Alerts {',
    '  alertChanged { cursor kind id alert { id } }',
    '}',
    '',
  ].join('\n');

  let session = null;
  let renewal = 0;
  let socket = null;
  let root = null;

  async function post(request, headers) {
    const authorization = session ? { authorization: `Bearer ${session.accessToken}` } : {};
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        accept: 'application/graphql-response+json, application/json;q=0.9',
        'content-type': 'application/json',
        ...authorization,
        ...headers,
      },
      body: JSON.stringify(request),
    });
    return response.json();
  }

  // The one field of an answer, or an error with the first refusal's words.
  async function ask(query, variables, field) {
    const { data, errors } = await post({ query, variables });
    if (errors && errors.length > 0) {
      throw Object.assign(new Error(errors[0].message), { refused: true });
    }
    return data[field];
  }

  async function signIn(email, password) {
    const query = `mutation SignIn($input: LoginInput!) { login(input: $input) { ${SESSION} mfaChallenge { methods } } }`;
    const answer = await ask(query, { input: { email, password, deviceName: 'GraphiQL' } }, 'login');
    if (!answer.accessToken) {
      throw new Error('This account has a second factor, which this page cannot ask for.');
    }
    begin(answer);
    open();
  }

  function begin(answer) {
    session = answer;
    const { firstName, lastName, role } = answer.user;
    element('who').textContent = `${firstName} ${lastName} · ${role}`;
    plan(Date.parse(answer.expiresAt) - Date.now() - 60_000, crypto.randomUUID());
  }

  function plan(delay, key) {
    clearTimeout(renewal);
    renewal = setTimeout(() => renew(key), Math.max(delay, 5_000));
  }

  // The same token with the same key is answered the same, so a lost answer costs nothing.
  async function renew(key) {
    const query = `mutation Renew($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`;
    const was = session;
    try {
      const input = { refreshToken: was.refreshToken, idempotencyKey: key };
      const answer = await ask(query, { input }, 'refreshSession');
      if (session === was) {
        begin(answer);
      }
    } catch (error) {
      if (session !== was) {
        return;
      }
      if (error.refused) {
        signOut(error.message);
      } else {
        plan(0, key);
      }
    }
  }

  function signOut(message) {
    clearTimeout(renewal);
    session = null;
    if (socket) {
      socket.dispose();
      socket = null;
    }
    if (root) {
      root.unmount();
      root = null;
    }
    element('who').textContent = '';
    show(false);
    element('refusal').textContent = message || '';
  }

  function show(signedIn) {
    element('welcome').hidden = signedIn;
    element('console').hidden = !signedIn;
    element('sign-out').hidden = !signedIn;
  }

  function open() {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = graphqlWs.createClient({
      url: `${scheme}//${location.host}/graphql/ws`,
      connectionParams: () => ({ authorization: `Bearer ${session.accessToken}` }),
      retryAttempts: Infinity,
      shouldRetry: () => session !== null,
    });
    show(true);
    root = ReactDOM.createRoot(element('console'));
    root.render(React.createElement(GraphiQL, { fetcher, defaultQuery: WELCOME }));
  }

  function fetcher(request, options) {
    const document = (options && options.documentAST) || { definitions: [] };
    const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition');
    const named = operations.find(({ name }) => name && name.value === request.operationName);
    const operation = named || operations[0];
    if (operation && operation.operation === 'subscription') {
      return socket.iterate(request);
    }
    return post(request, options && options.headers);
  }

  element('sign-in').addEventListener('submit', async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector('button');
    button.disabled = true;
    element('refusal').textContent = '';
    try {
      await signIn(form.email.value, form.password.value);
      form.password.value = '';
    } catch (error) {
      element('refusal').textContent = error.message;
    } finally {
      button.disabled = false;
    }
  });
  element('sign-out').addEventListener('click', () => {
    // Ends the session on the server too; the page forgets it whatever becomes of that.
    post({ query: 'mutation { logout { __typename } }' }).catch(() => {});
    signOut();
  });

  if (isDemo) {
    element('sign-in').email.value = 'admin@ridgeline.test';
    element('sign-in').password.value = 'Ridgeline-demo-1';
  }
})();
