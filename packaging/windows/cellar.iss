; UNTESTED: written from Inno Setup's documentation; it has not been run by us yet.
;
; The installer for Windows, made of the folder that `python dev.py bundle` leaves:
;   iscc /DVersion=0.1.0 /DSource=..\..\build\bundle\cellar-0.1.0-windows-amd64 cellar.iss

#ifndef Version
  #error Say which version: /DVersion=...
#endif
#ifndef Source
  #error Say where the bundle is: /DSource=...
#endif

[Setup]
AppId={{6F0E6E5C-6E0B-4C53-9E2E-0C1F3C1D7A52}
AppName=Cellar
AppVersion={#Version}
AppPublisher=The Cellar developers
VersionInfoVersion={#Version}
DefaultDirName={autopf}\Cellar
DefaultGroupName=Cellar
DisableProgramGroupPage=yes
; For one person without an administrator, or for all with one.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\icons\cellar.ico
UninstallDisplayIcon={app}\cellar.exe
OutputDir=..\..\dist
OutputBaseFilename=cellar-{#Version}-windows-setup
Compression=lzma2/normal
SolidCompression=yes
WizardStyle=modern
; What the old version had is gone before the new one comes: no library of two versions.
CloseApplications=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "fr"; MessagesFile: "compiler:Languages\French.isl"
Name: "ja"; MessagesFile: "compiler:Languages\Japanese.isl"
Name: "ar"; MessagesFile: "compiler:Languages\Arabic.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\_converter"

[Files]
Source: "{#Source}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\Cellar"; Filename: "{app}\cellar.exe"; AppUserModelID: "app.cellar.Cellar"
Name: "{autodesktop}\Cellar"; Filename: "{app}\cellar.exe"; Tasks: desktopicon

[Run]
Filename: "{app}\cellar.exe"; Description: "{cm:LaunchProgram,Cellar}"; Flags: nowait postinstall skipifsilent

; Chats and models stay in the user's data folder when Cellar is removed: docs/privacy.md tells where.
